package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.ForbiddenException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestartResourceTest {
    @TempDir
    Path directory;

    @Test
    void a_page_of_the_service_can_ask_for_a_restart_again_and_again() {
        Path file = directory.resolve("restart");
        RestartResource resource = new RestartResource(file);

        resource.restart("same-origin");
        resource.restart("same-origin");

        assertThat(file).isEmptyFile();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "cross-site", "same-site", "none", "Same-Origin"})
    void other_pages_and_programs_cannot(@Nullable String site) {
        Path file = directory.resolve("restart");
        RestartResource resource = new RestartResource(file);

        assertThatThrownBy(() -> resource.restart(site))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage("only the pages of this service may restart it");
        assertThat(file).doesNotExist();
    }
}
