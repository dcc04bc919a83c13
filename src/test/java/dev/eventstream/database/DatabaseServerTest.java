package dev.eventstream.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatabaseServerTest {
    interface Start {
        DatabaseServer now() throws Exception;
    }

    static Stream<Start> kinds() {
        return Stream.of(PostgresServer::startNew, MariaDbServer::startNew);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void committed_data_survives_a_kill_and_close_deletes_everything(Start start) throws Exception {
        DatabaseServer server = start.now();
        try (server) {
            server.createDatabase("kept");
            execute(server, "CREATE TABLE t (n INT)");
            execute(server, "INSERT INTO t VALUES (1)");
            try (Connection open = server.connect("kept")) {
                open.setAutoCommit(false);
                open.createStatement().execute("INSERT INTO t VALUES (2)");
                server.kill();
                assertThatExceptionOfType(SQLException.class).isThrownBy(open::commit);
            }
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> server.connect("kept"));

            server.restart();

            assertThat(count(server)).isEqualTo(1);
            execute(server, "INSERT INTO t VALUES (3)");
            server.restart();
            assertThat(count(server)).isEqualTo(2);
            server.kill();
        }
        assertThat(Files.exists(server.directory())).isFalse();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_server_that_cannot_start_says_why(Start start) throws Exception {
        try (DatabaseServer server = start.now()) {
            server.stop();
            try (Stream<java.nio.file.Path> data = Files.walk(server.directory())) {
                data.filter(file -> file.endsWith("PG_VERSION") || file.endsWith("ibdata1"))
                        .map(java.nio.file.Path::toFile)
                        .forEach(java.io.File::delete);
            }
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(server::start)
                    .withMessageContaining("the server ended by itself");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void an_invalid_database_name_is_refused(Start start) throws Exception {
        try (DatabaseServer server = start.now()) {
            assertThatIllegalArgumentException().isThrownBy(() -> server.createDatabase("a; b"));
            assertThat(server.freshDatabase()).isNotEqualTo(server.freshDatabase());
        }
    }

    private static void execute(DatabaseServer server, String sql) throws SQLException {
        try (Connection connection = server.connect("kept");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(DatabaseServer server) throws SQLException {
        try (Connection connection = server.connect("kept");
                ResultSet counted = connection.createStatement().executeQuery("SELECT COUNT(*) FROM t")) {
            counted.next();
            return counted.getInt(1);
        }
    }
}
