package dev.eventstream.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLogsTest {
    @TempDir
    Path directory;

    private Path log(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "server", ".log"), text, StandardCharsets.UTF_8);
    }

    private ServerLogs logs() {
        return new ServerLogs(directory.resolve("failed"));
    }

    @Test
    void a_failed_test_keeps_the_log_of_a_server_that_runs() throws IOException {
        ServerLogs logs = logs();
        logs.begin("postgresql", log("ready"));

        Path kept = logs.keep("SomeTest.fails(int) [1]").orElseThrow();

        assertThat(kept).hasFileName("SomeTest.fails_int_1_");
        assertThat(kept.resolve("postgresql-1.log")).hasContent("ready");
    }

    @Test
    void the_log_of_a_server_that_was_removed_in_the_test_is_kept_too() throws IOException {
        ServerLogs logs = logs();
        Path log = log("killed");
        logs.begin("node", log);
        logs.finish(log);
        Files.delete(log);

        assertThat(logs.keep("test").orElseThrow().resolve("node-1.log")).hasContent("killed");
    }

    @Test
    void a_log_that_is_added_again_is_kept_once() throws IOException {
        ServerLogs logs = logs();
        Path log = log("restarted");
        logs.begin("node", log);
        logs.begin("node", log);

        assertThat(logs.keep("test").orElseThrow()).isDirectoryContaining("glob:**node-1.log");
        assertThat(logs.keep("test").orElseThrow()).isDirectoryNotContaining("glob:**node-2.log");
    }

    @Test
    void servers_of_earlier_tests_are_forgotten() throws IOException {
        ServerLogs logs = logs();
        Path ended = log("ended");
        logs.begin("node", ended);
        logs.finish(ended);
        Path gone = log("gone");
        logs.begin("node", gone);
        Files.delete(gone);

        logs.forgetEnded();

        assertThat(logs.keep("test")).isEmpty();
    }

    @Test
    void without_servers_there_is_nothing_to_keep() {
        assertThat(logs().keep("test")).isEmpty();
        assertThat(directory.resolve("failed")).doesNotExist();
    }
}
