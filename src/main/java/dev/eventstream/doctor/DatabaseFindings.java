package dev.eventstream.doctor;

import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.jdbi.DatabaseFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Checks the database that contains the log. Stateless, thread-safe. */
public final class DatabaseFindings {
    static final String DATABASE = "database";
    static final String MIGRATIONS = "migrations";
    static final String CLOCK = "clock";
    static final String ISOLATION = "isolation";
    static final String POOL_SIZE = "pool-size";
    static final String POOLER = "pooler";

    /** The checks that need a connection, besides {@value #DATABASE}. */
    public static final List<String> CONNECTED = List.of(MIGRATIONS, CLOCK, ISOLATION, POOL_SIZE, POOLER);

    /** Sends, poll, sweep, retention and both directions of the bus. */
    private static final int OTHER_CONNECTIONS = 6;

    /** How far back a look for recent events reaches; see docs/CLUSTER.md. */
    private static final Duration LOOK_BACK = Duration.ofSeconds(5);

    /** At this difference, the time of a channel's newest event counts as wrong. */
    private static final Duration WRONG = Duration.ofHours(1);

    private DatabaseFindings() {}

    /** Whether a database belongs to the process that opens it. */
    public static boolean isInMemory(String url) {
        return url.startsWith("jdbc:h2:mem:");
    }

    /** Checks what the address of the database says. */
    public static List<Finding> ofUrl(String url) {
        if (isInMemory(url)) {
            return List.of(Finding.warning(
                    DATABASE,
                    "database.url is an H2 database in memory",
                    "all events are lost when the process ends, and neither other nodes nor commands can reach them",
                    "use a file, such as url: jdbc:h2:async:./data/events;AUTO_SERVER=TRUE;WRITE_DELAY=0"));
        } else if (url.startsWith("jdbc:h2:")
                && !url.startsWith("jdbc:h2:async:")
                && !url.matches("jdbc:h2:(tcp|ssl):.*")) {
            return List.of(Finding.warning(
                    DATABASE,
                    "database.url begins with jdbc:h2: and not with jdbc:h2:async:",
                    "an interrupted thread makes H2 close the database for all threads",
                    "write url: jdbc:h2:async:"
                            + url.substring("jdbc:h2:".length()).replaceAll(";.*", ";…")));
        }
        return List.of();
    }

    /** Reports that the database cannot be reached. */
    public static Finding unreachable(EventStoreException failure) {
        return Finding.error(
                DATABASE,
                String.valueOf(failure.getMessage()),
                "nothing can be sent, and no stream opens",
                "check that the database runs, and database.url, user and password");
    }

    /** Checks that the tables are there and of this version. */
    public static List<Finding> ofTables(EventStore store) {
        try {
            store.check();
            return List.of();
        } catch (EventStoreException e) {
            return List.of(
                    Finding.error(
                            MIGRATIONS,
                            String.valueOf(e.getMessage()),
                            "until then, the health check eventstream-store fails",
                            "do what the problem says; the tables are created by: java -jar application.jar db migrate config.yml"));
        }
    }

    /**
     * Checks the settings of the pool and of the server.
     *
     * @param poolSize {@code database.maxSize}; empty if it is not known
     */
    public static List<Finding> of(DatabaseFacts facts, OptionalInt poolSize, EventStreamFactory factory) {
        List<Finding> findings = new ArrayList<>();
        clock(facts, findings);
        isolation(facts, findings);
        poolSize.ifPresent(size -> poolSize(facts, size, factory, findings));
        pooler(facts, findings);
        return findings;
    }

    private static void clock(DatabaseFacts facts, List<Finding> findings) {
        Duration difference = facts.clockAhead().abs();
        if (difference.compareTo(LOOK_BACK) < 0) {
            return;
        }
        String problem = "the clock of the database is " + difference.toSeconds() + " s "
                + (facts.clockAhead().isNegative() ? "behind" : "ahead of") + " the clock of this machine";
        String change = "synchronise both, such as with chrony or systemd-timesyncd (timedatectl shows the state)";
        if (difference.compareTo(WRONG) >= 0) {
            findings.add(Finding.error(
                    CLOCK,
                    problem,
                    "events are stamped with wrong times, so retention removes them too early or too late, and credentials and"
                            + " signatures expire at wrong times",
                    change));
        } else {
            findings.add(Finding.warning(
                    CLOCK,
                    problem,
                    "if the clocks of two nodes differ like that, a node with more than 500 channels finds some events of the"
                            + " other up to 30 s late",
                    change));
        }
    }

    private static void isolation(DatabaseFacts facts, List<Finding> findings) {
        if (facts.isIsolationCostly()) {
            findings.add(Finding.warning(
                    ISOLATION,
                    "connections to " + facts.product() + " begin at the isolation level " + facts.isolation(),
                    "sends to one channel at the same time end each other's transactions and are tried again, three times at most",
                    "remove database.defaultTransactionIsolation, or set it to read-committed"));
        }
    }

    private static void poolSize(
            DatabaseFacts facts, int poolSize, EventStreamFactory factory, List<Finding> findings) {
        int needed = factory.getCatchUpThreads() + OTHER_CONNECTIONS;
        if (poolSize < needed) {
            findings.add(Finding.warning(
                    POOL_SIZE,
                    "database.maxSize is " + poolSize + ", and the streams of a node use up to " + needed
                            + " connections at the same time (eventStream.catchUpThreads is "
                            + factory.getCatchUpThreads() + ")",
                    "sends and catch-ups wait for each other",
                    "set database.maxSize: " + needed + ", or a lower eventStream.catchUpThreads"));
        }
        // the bundle's pool has the settings of the application's
        facts.maxConnections().ifPresent(most -> {
            if (2L * poolSize > most) {
                findings.add(Finding.warning(
                        POOL_SIZE,
                        "database.maxSize is " + poolSize
                                + ", and each node has two such pools: the application's and the"
                                + " bundle's; the server accepts " + most + " connections in all (max_connections)",
                        "under load, a node is refused connections, and so is db migrate",
                        "with N nodes, set database.maxSize below " + most + " / 2N, such as maxSize: "
                                + Math.max(1, most / 8) + " for three nodes; or raise max_connections"));
            }
        });
    }

    private static void pooler(DatabaseFacts facts, List<Finding> findings) {
        if (facts.isPooledByTransaction()) {
            findings.add(
                    Finding.warning(
                            POOLER,
                            "database.url leads to a pooler in transaction mode, such as PgBouncer",
                            "statements that the driver has prepared on one connection of the server are missing on the next (\"prepared"
                                    + " statement S_1 does not exist\"), and the bus postgres gets no notifications",
                            "add prepareThreshold=0 to database.url, or use session mode; PgBouncer 1.21 or later can also have"
                                    + " max_prepared_statements; let eventStream.bus.url of the bus postgres lead to PostgreSQL itself"));
        }
    }
}
