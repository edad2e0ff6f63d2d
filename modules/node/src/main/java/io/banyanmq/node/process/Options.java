package io.banyanmq.node.process;

import io.banyanmq.node.config.ExitCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The command line of one verb: options with values, in any order, and plain words.
public final class Options {
    /// An option.
    ///
    /// @param name with its hyphens, `--port`
    /// @param value how the help calls its value
    /// @param fallback the default; empty for none
    /// @param doc a few words
    public record Option(String name, String value, String fallback, String doc) {}

    /// What a verb takes.
    ///
    /// @param verb its name
    /// @param words how the help calls the plain words; empty if it takes none
    /// @param wordsMax most plain words
    /// @param summary one sentence
    public record Syntax(
            String verb, String words, int wordsMax, String summary, List<Option> options) {
        public Syntax {
            options = List.copyOf(options);
        }

        /// The text of `--help`.
        public String help() {
            StringBuilder text = new StringBuilder("usage: banyan ").append(verb);
            text.append(words.isEmpty() ? "" : " " + words)
                    .append(" [option…]\n\n")
                    .append(summary)
                    .append("\n\n");
            for (Option option : options) {
                String left = "  " + option.name + " " + option.value;
                text.append(left).repeat(' ', Math.max(2, 26 - left.length())).append(option.doc);
                text.append(option.fallback.isEmpty() ? "" : " (default: " + option.fallback + ")")
                        .append('\n');
            }
            return text.append("  --help                  this text\n").toString();
        }
    }

    private final Syntax syntax;
    private final Map<String, List<String>> values;
    private final List<String> words;
    private final boolean help;

    private Options(
            Syntax syntax, Map<String, List<String>> values, List<String> words, boolean help) {
        this.syntax = syntax;
        this.values = values;
        this.words = words;
        this.help = help;
    }

    /// Reads `arguments`, which follow the verb. `--name value` and `--name=value` are the same.
    ///
    /// @throws StartException with exit code 64 for what the syntax does not have
    public static Options parse(Syntax syntax, List<String> arguments) throws StartException {
        Map<String, List<String>> values = new HashMap<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--help") || argument.equals("-h")) {
                return new Options(syntax, Map.of(), List.of(), true);
            }
            if (!argument.startsWith("-")) {
                words.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (syntax.options.stream().noneMatch(option -> option.name.equals(name))) {
                throw usage(syntax, "unknown option " + name);
            }
            if (equals < 0 && ++i == arguments.size()) {
                throw usage(syntax, name + " needs a value");
            }
            values.computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(equals < 0 ? arguments.get(i) : argument.substring(equals + 1));
        }
        if (words.size() > syntax.wordsMax) {
            throw usage(syntax, "'" + words.get(syntax.wordsMax) + "' is too much");
        }
        return new Options(syntax, values, words, false);
    }

    /// Whether only the help is wanted.
    public boolean help() {
        return help;
    }

    /// Those that are no option, in order.
    public List<String> words() {
        return words;
    }

    /// All values of an option that may be given many times, in order.
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// The last value given, if any.
    public Optional<String> given(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// The last value given, or the default.
    public String text(String name) {
        return given(name)
                .orElseGet(() ->
                        syntax.options.stream()
                                .filter(option -> option.name.equals(name))
                                .findFirst()
                                .orElseThrow()
                                .fallback);
    }

    /// A number.
    ///
    /// @throws StartException with exit code 64 if it is none from `least` to `most`
    public int number(String name, int least, int most) throws StartException {
        String text = text(name);
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw usage(name + " " + text + " is not a number from " + least + " to " + most);
    }

    /// A usage fault of this verb.
    public StartException usage(String problem) {
        return usage(syntax, problem);
    }

    private static StartException usage(Syntax syntax, String problem) {
        return new StartException(
                ExitCode.USAGE,
                syntax.verb + ": " + problem + "; see banyan " + syntax.verb + " --help");
    }
}
