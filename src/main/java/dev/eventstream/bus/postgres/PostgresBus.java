package dev.eventstream.bus.postgres;

import dev.eventstream.bus.Bus;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Nodes notify one another with {@code NOTIFY}. A payload is a message in base64; PostgreSQL limits it to 7,999 bytes
 * (documentation of NOTIFY).
 *
 * <p>Thread-safe.
 */
public final class PostgresBus implements Bus {
    private static final int MAX_MESSAGE_BYTES = 5_900;
    private static final Duration SELF_TEST = Duration.ofSeconds(3);
    private static final String TEST = "test ";

    private final String url;
    private final Properties properties;
    private final String channel;

    /**
     * @param url for the JDBC driver; must point to the server itself, or to a pooler in session mode
     * @param channel the channel of NOTIFY: letters, digits and {@code _}
     */
    public PostgresBus(String url, String user, String password, String channel) {
        this.url = url;
        this.channel = channel;
        this.properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "eventstream-bus");
    }

    @Override
    public int maxMessageBytes() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    public Publisher openPublisher() throws SQLException {
        return new NotifyPublisher(connect());
    }

    @Override
    public Receiver openReceiver() throws SQLException {
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + channel);
            ListenReceiver receiver = new ListenReceiver(connection);
            receiver.test();
            return receiver;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, properties);
    }

    private void notify(Connection connection, String payload) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, channel);
            statement.setString(2, payload);
            statement.execute();
        }
    }

    private static void close(Connection connection) throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("a connection of the bus could not be closed", e);
        }
    }

    private final class NotifyPublisher implements Publisher {
        private final Connection connection;

        NotifyPublisher(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void publish(byte[] message) throws SQLException {
            PostgresBus.this.notify(connection, Base64.getEncoder().encodeToString(message));
        }

        @Override
        public void close() throws IOException {
            PostgresBus.close(connection);
        }
    }

    private final class ListenReceiver implements Receiver {
        private final Connection connection;
        private final PGConnection notifications;
        private final List<byte[]> early = new ArrayList<>();

        ListenReceiver(Connection connection) throws SQLException {
            this.connection = connection;
            this.notifications = connection.unwrap(PGConnection.class);
        }

        /** Sends itself a notification from another connection, which does not arrive behind a pooler in transaction mode. */
        void test() throws SQLException {
            String token = TEST + UUID.randomUUID();
            try (Connection other = connect()) {
                PostgresBus.this.notify(other, token);
            }
            long start = System.nanoTime();
            while (System.nanoTime() - start < SELF_TEST.toNanos()) {
                for (PGNotification notification : next(SELF_TEST)) {
                    if (notification.getParameter().equals(token)) {
                        return;
                    }
                    add(early, notification);
                }
            }
            throw new SQLException("a notification that this node sent to itself did not arrive within "
                    + SELF_TEST.toSeconds()
                    + " s. Does eventStream.bus.url point to a pooler in transaction mode, such as"
                    + " PgBouncer? It must point to PostgreSQL itself, or to a pooler in session mode");
        }

        @Override
        public List<byte[]> receive(Duration patience) throws SQLException {
            List<byte[]> messages = new ArrayList<>(early);
            early.clear();
            if (messages.isEmpty()) {
                for (PGNotification notification : next(patience)) {
                    add(messages, notification);
                }
            }
            return messages;
        }

        private PGNotification[] next(Duration patience) throws SQLException {
            PGNotification[] next = notifications.getNotifications(Math.max(1, (int) patience.toMillis()));
            return next == null ? new PGNotification[0] : next;
        }

        private void add(List<byte[]> messages, PGNotification notification) {
            String payload = notification.getParameter();
            if (!payload.startsWith(TEST)) {
                messages.add(decode(payload));
            }
        }

        // a payload that is not base64 is not ours; the node reports it as unreadable
        private byte[] decode(String payload) {
            try {
                return Base64.getDecoder().decode(payload);
            } catch (IllegalArgumentException e) {
                return new byte[0];
            }
        }

        @Override
        public void close() throws IOException {
            PostgresBus.close(connection);
        }
    }
}
