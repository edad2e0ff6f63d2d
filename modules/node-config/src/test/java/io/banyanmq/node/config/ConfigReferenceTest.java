package io.banyanmq.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    /// On a difference the page as it should be lies in `target/configuration.md`.
    @Test
    void the_reference_page_is_up_to_date() throws IOException {
        Path landed = Path.of("../../docs/configuration.md");
        String page = ConfigReference.markdown();
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/configuration.md"), page);

        assertThat(landed).hasContent(page);
    }

    @Test
    void no_name_is_taken_twice_and_later_keys_are_no_keys() {
        assertThat(Keys.ALL).extracting(ConfigKey::path).doesNotHaveDuplicates();
        assertThat(Keys.ALL).extracting(ConfigKey::variable).doesNotHaveDuplicates();
        assertThat(Keys.ALL)
                .extracting(ConfigKey::path)
                .doesNotContainAnyElementsOf(Keys.LATER.keySet());
    }
}
