package dev.eventstream.bus.jdbi;

import dev.eventstream.bus.Bus;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/**
 * Nodes leave messages for one another in the table {@code eventstream_message}. A message arrives with the receiver's next poll,
 * and stays for {@link SeenRows#KEPT}: a node that cannot reach the database for a shorter time misses none.
 *
 * <p>Each poll is one query by primary key.
 *
 * <p>Thread-safe.
 */
public final class JdbiBus implements Bus {
    /** In base64, a message of this size is the longest body for which the column has room. */
    private static final int MAX_MESSAGE_BYTES = 6_000;

    private static final int MAX_ROWS = 1_000;
    private static final int PUBLISHED_PER_DELETION = 20;

    private final Jdbi jdbi;
    private final Clock clock;
    private final Duration pollInterval;
    private final SeenRows seen = new SeenRows();

    /**
     * @param jdbi connections to the database that contains the log, with auto-commit
     * @param pollInterval how long to wait after a poll that found nothing
     */
    public JdbiBus(Jdbi jdbi, Clock clock, Duration pollInterval) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.pollInterval = pollInterval;
    }

    @Override
    public boolean isFast() {
        return false;
    }

    @Override
    public int maxMessageBytes() {
        return MAX_MESSAGE_BYTES;
    }

    @Override
    public Publisher openPublisher() {
        return new RowPublisher();
    }

    @Override
    public Receiver openReceiver() {
        boolean isGapless = jdbi.withHandle(handle -> seen.begin(newest(handle), clock.millis()));
        return new RowReceiver(isGapless);
    }

    private static long newest(Handle handle) {
        try (Query query = handle.createQuery("SELECT COALESCE(MAX(id), 0) FROM eventstream_message")) {
            return query.mapTo(Long.class).one();
        }
    }

    private record Row(long id, String body) {}

    private List<Row> unseen(Handle handle) {
        try (Query query =
                handle.createQuery("SELECT id, body FROM eventstream_message WHERE id > ? ORDER BY id LIMIT ?")) {
            // the rows after a gap are read again
            return query.bind(0, seen.low())
                    .bind(1, seen.pending() + MAX_ROWS)
                    .map((row, context) -> new Row(row.getLong(1), row.getString(2)))
                    .list();
        }
    }

    private static List<Long> before(Handle handle, long sentAt) {
        try (Query query = handle.createQuery(
                "SELECT id FROM eventstream_message WHERE ? > sent_at ORDER BY sent_at LIMIT " + MAX_ROWS)) {
            return query.bind(0, sentAt).mapTo(Long.class).list();
        }
    }

    private final class RowPublisher implements Publisher {
        private int published;

        @Override
        public void publish(byte[] message) {
            String body = Base64.getEncoder().encodeToString(message);
            jdbi.useHandle(handle -> {
                handle.execute("INSERT INTO eventstream_message (sent_at, body) VALUES (?, ?)", clock.millis(), body);
                if (published++ % PUBLISHED_PER_DELETION == 0) {
                    deleteOld(handle);
                }
            });
        }

        // one by one: on MariaDB, deleting a range would also wait for rows that other nodes are inserting
        private void deleteOld(Handle handle) {
            List<Long> old = before(handle, clock.millis() - SeenRows.KEPT.toMillis());
            if (!old.isEmpty()) {
                try (PreparedBatch batch = handle.prepareBatch("DELETE FROM eventstream_message WHERE id = ?")) {
                    old.forEach(id -> batch.bind(0, id).add());
                    batch.execute();
                }
            }
        }

        @Override
        public void close() {
            // nothing to close: each message takes a connection from the pool
        }
    }

    private final class RowReceiver implements Receiver {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final boolean isGapless;

        RowReceiver(boolean isGapless) {
            this.isGapless = isGapless;
        }

        @Override
        public List<byte[]> receive(Duration patience) throws InterruptedException {
            List<byte[]> messages = read();
            if (messages.isEmpty()) {
                long pause = Math.min(pollInterval.toMillis(), patience.toMillis());
                boolean unused = closed.await(pause, TimeUnit.MILLISECONDS);
            }
            return messages;
        }

        private List<byte[]> read() {
            List<Row> rows = jdbi.withHandle(JdbiBus.this::unseen);
            long now = clock.millis();
            return rows.stream()
                    .filter(row -> seen.add(row.id(), now))
                    .map(row -> Base64.getDecoder().decode(row.body()))
                    .toList();
        }

        @Override
        public boolean isGapless() {
            return isGapless;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
