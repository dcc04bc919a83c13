package dev.eventstream.bench;

import com.codahale.metrics.MetricRegistry;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.database.Changelog;
import dev.eventstream.database.DatabaseServer;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.database.PostgresServer;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;

/** An empty database with the bundle's tables, and a pool of connections to it. */
final class BenchDatabase {
    private BenchDatabase() {}

    /** What is measured. */
    interface Program {
        void run(ManagedDataSource dataSource) throws Exception;
    }

    /**
     * Runs a program on a new database, which is removed afterwards.
     *
     * @param database {@code h2} (in files, durable), {@code postgresql} or {@code mariadb}
     * @param connections size of the pool
     */
    static void use(String database, int connections, Program program) throws Exception {
        switch (database) {
            case "h2" -> useH2(connections, program);
            case "postgresql" -> use(PostgresServer.shared(), connections, program);
            case "mariadb" -> use(MariaDbServer.shared(), connections, program);
            default -> throw new IllegalArgumentException("--database " + database + "; see ./bench --help");
        }
    }

    private static void useH2(int connections, Program program) throws Exception {
        Path directory = Files.createTempDirectory("bench");
        try {
            String url = "jdbc:h2:async:" + directory.resolve("log") + ";WRITE_DELAY=0;LOCK_TIMEOUT=30000";
            use(url, "sa", connections, program);
        } finally {
            MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private static void use(DatabaseServer server, int connections, Program program) throws Exception {
        use(server.jdbcUrl(server.freshDatabase()), server.user(), connections, program);
    }

    private static void use(String url, String user, int connections, Program program) throws Exception {
        Changelog.APPLICATION.apply(DriverManager.getConnection(url, user, ""));
        DataSourceFactory pool = new DataSourceFactory();
        pool.setUrl(url);
        pool.setUser(user);
        pool.setPassword("");
        pool.setDriverClass(DriverManager.getDriver(url).getClass().getName());
        pool.setMaxSize(connections);
        ManagedDataSource dataSource = pool.build(new MetricRegistry(), "bench");
        try {
            program.run(dataSource);
        } finally {
            dataSource.stop();
        }
    }
}
