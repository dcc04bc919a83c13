package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.network.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code events doctor} on setups that are broken in one way each. */
class DoctorTest {
    private static final String SERVER = """
            server:
              applicationConnectors: [{type: http, port: 0}]
              adminConnectors: [{type: http, port: 0}]
              requestLog: {appenders: []}
            """;
    private static final String PASSED =
            "configuration, secrets, keep-alive, header-size, request-log, admin-port, drain, database,"
                    + " migrations, clock, isolation, pool-size, pooler, bus";

    @TempDir
    Path directory;

    private String url = "";

    @BeforeEach
    void chooseFile() {
        url = "jdbc:h2:async:" + directory.resolve("events") + ";WRITE_DELAY=0";
    }

    private String database() {
        return "database: {driverClass: org.h2.Driver, url: '" + url + "', user: '', password: ''}\n";
    }

    private String file() {
        return directory.resolve("config.yml").toString();
    }

    private CommandRun doctor(String yaml, String... options) throws IOException {
        Files.writeString(directory.resolve("config.yml"), yaml, StandardCharsets.UTF_8);
        return CommandRun.events(Path.of(file()), "doctor", options);
    }

    private void migrate() throws Exception {
        Files.writeString(
                directory.resolve("config.yml"), SERVER + database() + "eventStream: {}\n", StandardCharsets.UTF_8);
        new TestService().run("db", "migrate", file());
    }

    /** Checks the report about a migrated database with the given {@code eventStream} block, which has one problem. */
    private void assertFinds(String eventStream, String finding) throws Exception {
        migrate();
        assertReports(SERVER + database() + "eventStream: " + eventStream + "\n", finding);
    }

    private void assertReports(String yaml, String finding) throws IOException {
        CommandRun run = doctor(yaml);

        assertThat(run.out()).startsWith(finding + "\n");
        boolean isError = finding.startsWith("ERROR");
        assertThat(run.out()).endsWith(isError ? "\n1 error, 0 warnings\n" : "\n0 errors, 1 warning\n");
        assertThat(run.err()).isEqualTo(isError ? "events doctor: found 1 error, 0 warnings\n" : "");
        assertThat(run.status()).isEqualTo(isError ? 1 : 0);
    }

    @Test
    void a_sound_setup_passes_every_check() throws Exception {
        migrate();

        CommandRun run = doctor(SERVER + database() + "eventStream: {}\n");

        assertThat(run).isEqualTo(new CommandRun(0, "passed: " + PASSED + "\n0 errors, 0 warnings\n", ""));
    }

    @Test
    void a_keep_alive_that_a_connector_does_not_bear_is_an_error() throws Exception {
        assertFinds("{keepAlive: 30s}", """
                ERROR  keep-alive
                  problem  eventStream.keepAlive is 30 seconds, and a connector's idleTimeout (server.applicationConnectors[0].idleTimeout) is 30 seconds
                  why      streams would be closed between two keep-alives
                  change   keepAlive must be shorter, such as the default, keepAlive: 20s, or the idleTimeout longer
                """);
    }

    @Test
    void a_keep_alive_that_usual_proxies_do_not_bear_is_a_warning() throws Exception {
        migrate();
        assertReports(
                SERVER.replace("port: 0}]\n  admin", "port: 0, idleTimeout: 2m}]\n  admin") + database()
                        + "eventStream: {keepAlive: 90s}\n",
                """
                WARNING  keep-alive
                  problem  eventStream.keepAlive is 90 seconds
                  why      nginx and most load balancers close connections that are silent for 60 s, so that streams end in between
                  change   use a shorter one, such as the default, keepAlive: 20s
                """);
    }

    @Test
    void headers_that_are_too_small_for_the_positions_of_many_channels_are_a_warning() throws Exception {
        assertFinds("{limits: {channelsPerStream: 100}}", """
                WARNING  header-size
                  problem  eventStream.limits.channelsPerStream is 100, and server.applicationConnectors[0].maxRequestHeaderSize is 8 kibibytes
                  why      a client that returns to a stream of 100 channels sends about 11048 bytes of headers with names of 30 characters, and is refused with 431
                  change   set maxRequestHeaderSize: 11KiB, there and in every proxy in front
                """);
    }

    @Test
    void tokens_in_the_request_log_are_a_warning() throws Exception {
        migrate();
        assertReports(
                SERVER.replace("  requestLog: {appenders: []}\n", "") + database()
                        + "eventStream: {auth: {accessTokenParameter: true}}\n",
                """
                WARNING  request-log
                  problem  eventStream.auth.accessTokenParameter is true, and server.requestLog is on
                  why      the request log contains the address of each stream, and with it the tokens
                  change   set server.requestLog: {appenders: []}, or give it a logFormat without %requestURL, or let clients use a cookie (eventStream.auth.cookies)
                """);
    }

    @Test
    void admin_pages_on_the_public_port_are_a_warning() throws Exception {
        migrate();
        assertReports(
                "server: {type: simple, connector: {type: http, port: 0}, requestLog: {appenders: []}}\n" + database()
                        + "eventStream: {}\n",
                """
                WARNING  admin-port
                  problem  server.type is simple, so the admin pages are served on the port of the application, below /admin
                  why      whoever can open a stream can also see who reads what (/admin/eventstream/), and delete events (/admin/tasks/eventstream-trim)
                  change   use the default server with a private port in server.adminConnectors, or refuse this path in the proxy in front
                """);
    }

    @Test
    void a_drain_that_ends_after_the_usual_kill_is_a_warning() throws Exception {
        assertFinds("{drain: 29s}", """
                WARNING  drain
                  problem  eventStream.drain is 29 seconds
                  why      Kubernetes kills a process 30 s after it has asked it to stop, unless terminationGracePeriodSeconds is longer; the rest of the streams then break off
                  change   use a shorter one, such as the default, drain: 5s, or set terminationGracePeriodSeconds (systemd: TimeoutStopSec) to at least 36 s
                """);
    }

    @Test
    void a_key_that_does_not_exist_is_an_error() throws Exception {
        CommandRun run = doctor(SERVER + database() + "eventStream: {keepalive: 20s}\n");

        assertThat(run.out())
                .startsWith("ERROR  configuration\n  problem  " + file()
                        + " has an error: Unrecognized field at: eventStream.keepalive Did you mean?: - keepAlive")
                .endsWith("""

                          why      the application does not start
                          change   correct this value

                        not checked: secrets, keep-alive, header-size, request-log, admin-port, drain, database, migrations, clock, isolation, pool-size, pooler, bus
                        1 error, 0 warnings
                        """);
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void every_value_that_is_not_allowed_is_an_error() throws Exception {
        CommandRun run = doctor(SERVER + database() + "eventStream: {keepAlive: 0s, catchUpThreads: 65}\n");

        assertThat(run.out()).contains("""
                        ERROR  configuration
                          problem  eventStream.catchUpThreads is 65
                          why      the application does not start
                          change   allowed is 1 to 64

                        ERROR  configuration
                          problem  eventStream.keepAlive is 0 seconds
                          why      the application does not start
                          change   allowed is 1s to 1h
                        """).endsWith("\n2 errors, 0 warnings\n");
    }

    @Test
    void two_routes_with_one_address_are_an_error() throws Exception {
        assertFinds("{routes: [{path: /a}, {path: /a/}]}", """
                ERROR  configuration
                  problem  eventStream.routes[1].path is "/a", the same address as the route "/a"
                  why      the application does not start
                  change   each needs a different one
                """);
    }

    @Test
    void a_published_token_is_an_error() throws Exception {
        assertFinds("{publish: {tokens: [an-example-with-32-characters-or-more]}}", """
                ERROR  configuration
                  problem  eventStream.publish.tokens[0] has the token of a published example
                  why      the application does not start
                  change   make one with openssl rand -hex 24
                """);
    }

    @Test
    void short_secrets_are_warnings() throws Exception {
        assertFinds("{publish: {tokens: [0123456789abcdef]}}", """
                WARNING  secrets
                  problem  eventStream.publish.tokens[0] is a secret of 16 bytes
                  why      32 or more are recommended, because shorter ones are easier to guess
                  change   make one with openssl rand -hex 24
                """);
    }

    @Test
    void a_published_secret_of_a_proxy_is_an_error() throws Exception {
        assertReports(SERVER + database() + grip("{controlUri: 'http://127.0.0.1:1', verifyKey: changeme}", ""), """
                ERROR  configuration
                  problem  eventStream.grip.proxies[0].verifyKey is a published secret, such as the one that Pushpin is shipped with
                  why      the application does not start
                  change   make one with openssl rand -hex 24
                """);
    }

    private static String grip(String proxy, String more) {
        return "eventStream: {grip: {proxies: [" + proxy + "], linkSecrets: [a-secret-of-the-test-with-32-characters]"
                + more + "}}\n";
    }

    @Test
    void a_database_that_does_not_answer_is_an_error() throws Exception {
        int port = FreePorts.next();
        url = "jdbc:h2:tcp://localhost:" + port + "/gone";

        CommandRun run = doctor(SERVER + database() + "eventStream: {}\n");

        assertThat(run.out())
                .startsWith("ERROR  database\n  problem  the database cannot be used: ")
                .contains("Connection refused")
                .endsWith("""

                          why      nothing can be sent, and no stream opens
                          change   check that the database runs, and database.url, user and password

                        passed: configuration, secrets, keep-alive, header-size, request-log, admin-port, drain
                        not checked: migrations, clock, isolation, pool-size, pooler, bus
                        1 error, 0 warnings
                        """);
    }

    @Test
    void a_database_without_tables_is_an_error() throws Exception {
        assertReports(SERVER + database() + "eventStream: {}\n", """
                ERROR  migrations
                  problem  the log cannot be read: the tables of dropwizard-eventstream are missing or of another version; run `db migrate`
                  why      until then, the health check eventstream-store fails
                  change   do what the problem says; the tables are created by: java -jar application.jar db migrate config.yml
                """);
    }

    @Test
    void an_h2_database_that_delays_its_writes_is_an_error() throws Exception {
        url = url.replace(";WRITE_DELAY=0", "");
        assertFinds("{}", """
                ERROR  migrations
                  problem  H2 writes commits to its file up to 500 ms late, so events that were sent can be lost with the process; add ;WRITE_DELAY=0 to the URL of the database
                  why      until then, the health check eventstream-store fails
                  change   do what the problem says; the tables are created by: java -jar application.jar db migrate config.yml
                """);
    }

    @Test
    void a_database_in_memory_is_a_warning() throws Exception {
        url = "jdbc:h2:mem:doctor";
        assertReports(SERVER + database() + "eventStream: {}\n", """
                WARNING  database
                  problem  database.url is an H2 database in memory
                  why      all events are lost when the process ends, and neither other nodes nor commands can reach them
                  change   use a file, such as url: jdbc:h2:async:./data/events;AUTO_SERVER=TRUE;WRITE_DELAY=0
                """);
    }

    @Test
    void an_h2_database_that_an_interrupt_closes_is_a_warning() throws Exception {
        url = url.replace("async:", "");
        assertFinds("{}", """
                WARNING  database
                  problem  database.url begins with jdbc:h2: and not with jdbc:h2:async:
                  why      an interrupted thread makes H2 close the database for all threads
                  change   write url: jdbc:h2:async:DIRECTORY/events;…
                """.replace("DIRECTORY", directory.toString()));
    }

    @Test
    void an_isolation_level_at_which_sends_conflict_is_a_warning() throws Exception {
        migrate();
        assertReports(
                SERVER + database().replace("}", ", defaultTransactionIsolation: serializable}") + "eventStream: {}\n",
                """
                WARNING  isolation
                  problem  connections to H2 begin at the isolation level SERIALIZABLE
                  why      sends to one channel at the same time end each other's transactions and are tried again, three times at most
                  change   remove database.defaultTransactionIsolation, or set it to read-committed
                """);
    }

    @Test
    void a_pool_that_is_too_small_is_a_warning() throws Exception {
        migrate();
        assertReports(
                SERVER + database().replace("}", ", initialSize: 1, minSize: 1, maxSize: 9}") + "eventStream: {}\n",
                """
                WARNING  pool-size
                  problem  database.maxSize is 9, and the streams of a node use up to 10 connections at the same time (eventStream.catchUpThreads is 4)
                  why      sends and catch-ups wait for each other
                  change   set database.maxSize: 10, or a lower eventStream.catchUpThreads
                """);
    }

    @Test
    void a_bus_that_does_not_answer_is_an_error() throws Exception {
        migrate();
        CommandRun run = doctor(SERVER + database() + "eventStream: {bus: {type: redis, uri: 'redis://127.0.0.1:"
                + FreePorts.next() + "'}}\n");

        assertThat(run.out())
                .startsWith("ERROR  bus\n  problem  the bus (eventStream.bus) cannot be used: ")
                .contains("""

                          why      nodes find each other's events only with their polls, and changed rights do not reach other nodes
                          change   check that its server runs and can be reached from here, and eventStream.bus
                        """)
                .endsWith("1 error, 0 warnings\n");
    }

    @Test
    void a_control_port_that_does_not_answer_is_an_error() throws Exception {
        migrate();
        int port = FreePorts.next();
        CommandRun run = doctor(SERVER
                + database()
                + grip(
                        "{controlUri: 'http://127.0.0.1:" + port
                                + "', verifyKey: a-key-of-the-test-with-32-characters}",
                        ""));

        assertThat(run.out())
                .startsWith("ERROR  proxy-control\n  problem  the control port http://127.0.0.1:" + port
                        + " of proxy \"127.0.0.1-" + port + "\" ")
                .contains("""

                          why      readers behind the proxy get events late, with the proxy's next check; nothing is lost
                          change   check that the proxy runs and can be reached from here, and eventStream.grip.proxies[0]
                        """)
                .endsWith("1 error, 0 warnings\n");
    }

    @Test
    void a_proxy_that_does_not_sign_and_holds_too_few_channels_is_two_warnings() throws Exception {
        migrate();
        CommandRun run = doctor(SERVER
                + database()
                + grip(
                        "{controlUri: 'http://127.0.0.1:" + FreePorts.next() + "', trustUnsigned: true}",
                        ", maxSubscriptions: 10"));

        assertThat(run.out()).contains("""
                        WARNING  proxy-signatures
                          problem  eventStream.grip.proxies[0].trustUnsigned is true
                          why      any client that can reach the application's port can pretend to be this proxy
                          change   set sig_key in pushpin.conf and the same key as verifyKey here, and remove trustUnsigned; openssl rand -hex 24 makes a key

                        WARNING  proxy-limits
                          problem  eventStream.limits.channelsPerStream is 10, and eventStream.grip.maxSubscriptions is 10
                          why      a stream needs a subscription for each channel and one for its reader, so a stream of 10 channels is refused behind the proxy
                          change   set maxSubscriptions: 11 here and connection_subscription_max=11 in pushpin.conf, or a lower channelsPerStream
                        """).endsWith("1 error, 2 warnings\n");
    }

    @Test
    void the_report_can_be_json() throws Exception {
        migrate();
        CommandRun run = doctor(SERVER + database() + "eventStream: {keepAlive: 30s, drain: 1m}\n", "--json");

        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.path("errors").asInt()).isEqualTo(1);
        assertThat(report.path("warnings").asInt()).isEqualTo(1);
        assertThat(report.path("findings").path(0)).isEqualTo(new ObjectMapper().readTree("""
                {"severity": "error", "check": "keep-alive",
                 "problem": "eventStream.keepAlive is 30 seconds, and a connector's idleTimeout (server.applicationConnectors[0].idleTimeout) is 30 seconds",
                 "why": "streams would be closed between two keep-alives",
                 "change": "keepAlive must be shorter, such as the default, keepAlive: 20s, or the idleTimeout longer"}
                """));
        assertThat(report.path("findings").path(1).path("check").asText()).isEqualTo("drain");
        assertThat(report.path("passed")).hasSize(12);
        assertThat(report.path("notChecked")).isEmpty();
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void a_file_that_does_not_exist_is_an_error() {
        CommandRun run =
                CommandRun.of("events", "doctor", directory.resolve("no.yml").toString());

        assertThat(run.out())
                .startsWith("ERROR  configuration\n  problem  File " + directory.resolve("no.yml") + " not found\n");
        assertThat(run.status()).isEqualTo(1);
    }
}
