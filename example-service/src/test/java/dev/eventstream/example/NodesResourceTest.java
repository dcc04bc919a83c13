package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.example.NodeFiles.Node;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodesResourceTest {
    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path directory;

    private NodeFiles files(int node) {
        return new NodeFiles(supervision(node, false), CLOCK);
    }

    private Supervision supervision(int node, boolean proxied) {
        return new Supervision(directory.toString(), node, 3, proxied);
    }

    private NodesResource resource(boolean proxied) {
        return new NodesResource(supervision(1, proxied), files(1));
    }

    private void reportedBefore(int node, Duration age) throws IOException {
        Files.setLastModifiedTime(directory.resolve("node-" + node), FileTime.from(NOW.minus(age)));
    }

    @Test
    void a_node_is_up_as_long_as_it_reports() throws Exception {
        files(1).report(17);
        files(3).report(4);
        files(3).report(5);
        reportedBefore(1, Duration.ofMillis(2999));
        reportedBefore(3, Duration.ofSeconds(3));

        assertThat(resource(false).nodes())
                .containsExactly(new Node(1, true, 17), new Node(2, false, 0), new Node(3, false, 0));
        assertThat(Files.readString(directory.resolve("node-3"), UTF_8)).isEqualTo("5");
    }

    @Test
    void pages_of_the_service_ask_for_a_kill_again_and_again() {
        NodesResource resource = resource(false);

        resource.kill("2", "same-origin");
        resource.kill("2", "same-origin");
        resource.kill("3", "same-origin");

        assertThat(directory).isDirectoryContaining("glob:**kill-2").isDirectoryContaining("glob:**kill-3");
        assertThat(directory.resolve("kill-2")).isEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4", "02", "-1", "1.0", "../1", "pushpin", "", "2147483648"})
    void only_nodes_that_exist_are_killed(String number) {
        assertThatThrownBy(() -> resource(false).kill(number, "same-origin"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("there is no such node; allowed is 1 to 3");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void pushpin_is_restarted_if_it_runs() {
        resource(true).restartPushpin("same-origin");

        assertThat(directory.resolve("restart-pushpin")).isEmptyFile();
        assertThatThrownBy(() -> resource(false).restartPushpin("same-origin"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("Pushpin does not run; start ./run with --pushpin");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "cross-site", "same-site", "none", "Same-Origin"})
    void other_pages_and_programs_cannot(@Nullable String site) {
        assertThatThrownBy(() -> resource(true).kill("1", site))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage("only the pages of this service may do that");
        assertThatThrownBy(() -> resource(true).restartPushpin(site)).isInstanceOf(ForbiddenException.class);
        assertThat(directory).isEmptyDirectory();
    }
}
