package io.banyanmq.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final Options.Syntax SYNTAX =
            new Options.Syntax(
                    "dev",
                    "[NODE]",
                    1,
                    "Runs.",
                    List.of(
                            new Options.Option("--port", "PORT", "1883", "a port"),
                            new Options.Option("--set", "KEY=VALUE", "", "a setting")));

    @Test
    void options_come_in_any_order_and_form() throws StartException {
        Options options =
                Options.parse(
                        SYNTAX,
                        List.of("--set", "a=b", "x", "--port=7", "--set=c=d", "--port", "8"));

        assertThat(options.all("--set")).containsExactly("a=b", "c=d");
        assertThat(options.number("--port", 0, 10)).isEqualTo(8);
        assertThat(options.words()).containsExactly("x");
        assertThat(Options.parse(SYNTAX, List.of()).text("--port")).isEqualTo("1883");
    }

    @Test
    void help_wins_over_what_else_is_there() throws StartException {
        assertThat(Options.parse(SYNTAX, List.of("--port", "1", "--help")).help()).isTrue();
        assertThat(SYNTAX.help())
                .startsWith("usage: banyan dev [NODE] [option…]\n")
                .contains("  --port PORT             a port (default: 1883)\n");
    }

    @Test
    void what_the_syntax_does_not_have_is_refused_with_64() {
        assertUsage(List.of("--prot", "1"), "dev: unknown option --prot; see banyan dev --help");
        assertUsage(List.of("--port"), "dev: --port needs a value; see banyan dev --help");
        assertUsage(List.of("x", "y"), "dev: 'y' is too much; see banyan dev --help");
        assertUsage(
                List.of("--port", "70000"),
                "dev: --port 70000 is not a number from 0 to 65535; see banyan dev --help");
    }

    private static void assertUsage(List<String> arguments, String message) {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> Options.parse(SYNTAX, arguments).number("--port", 0, 65_535))
                .withMessage(message)
                .satisfies(e -> assertThat(e.exitCode()).isEqualTo(64));
    }
}
