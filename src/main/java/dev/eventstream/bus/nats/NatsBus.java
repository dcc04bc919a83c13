package dev.eventstream.bus.nats;

import dev.eventstream.bus.Bus;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Nodes publish messages on one NATS subject, with at-most-once delivery. jnats must not reconnect by itself: the node opens a new
 * connection, and so knows that it may have missed messages.
 *
 * <p>Thread-safe.
 */
public final class NatsBus implements Bus {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration FLUSH = Duration.ofSeconds(5);
    private static final Duration PING = Duration.ofSeconds(5);
    private static final int MAX_READ = 1_000;

    /** Messages that a node has not read yet; beyond these limits the newest are dropped, and the node connects again. */
    private static final int MAX_PENDING = 50_000;

    private static final int MAX_PENDING_BYTES = 32 << 20;

    private final String servers;
    private final String subject;

    /**
     * @param servers one or more {@code nats://[user:password@]host:port}, separated by commas
     */
    public NatsBus(String servers, String subject) {
        this.servers = servers;
        this.subject = subject;
    }

    @Override
    public Publisher openPublisher() throws IOException, InterruptedException {
        return new SubjectPublisher(connect());
    }

    @Override
    public Receiver openReceiver() throws IOException, InterruptedException, TimeoutException {
        Connection connection = connect();
        try {
            Subscription subscription = connection.subscribe(subject);
            subscription.setPendingLimits(MAX_PENDING, MAX_PENDING_BYTES);
            connection.flush(FLUSH); // the server has the subscription
            return new SubjectReceiver(connection, subscription);
        } catch (TimeoutException | InterruptedException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect() throws IOException, InterruptedException {
        Options options = Options.builder()
                .servers(servers.split(","))
                .connectionName("eventstream-bus")
                .connectionTimeout(CONNECT)
                .pingInterval(PING)
                .maxPingsOut(2)
                .noReconnect()
                .build();
        try {
            return Nats.connect(options);
        } catch (IOException e) { // without the cause, because its message may quote the password too
            throw new IOException(String.valueOf(e.getMessage()).replaceAll("//[^/@\\s]*@", "//"));
        }
    }

    private static void close(Connection connection) throws InterruptedIOException {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while closing the connection to NATS");
        }
    }

    private final class SubjectPublisher implements Publisher {
        private final Connection connection;

        SubjectPublisher(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void publish(byte[] message) throws TimeoutException, InterruptedException {
            connection.publish(subject, message);
            connection.flush(FLUSH); // the server has the message
        }

        @Override
        public void close() throws InterruptedIOException {
            NatsBus.close(connection);
        }
    }

    private static final class SubjectReceiver implements Receiver {
        private final Connection connection;
        private final Subscription subscription;

        SubjectReceiver(Connection connection, Subscription subscription) {
            this.connection = connection;
            this.subscription = subscription;
        }

        @Override
        public List<byte[]> receive(Duration patience) throws IOException, InterruptedException {
            if (subscription.getDroppedCount() > 0) {
                throw new IOException(
                        "this node has read too slowly: " + subscription.getDroppedCount() + " messages were dropped");
            }
            List<byte[]> messages = new ArrayList<>();
            Message message = subscription.nextMessage(patience);
            while (message != null && messages.size() < MAX_READ) {
                messages.add(message.getData());
                message = subscription.nextMessage(Duration.ofNanos(1));
            }
            if (message != null) {
                messages.add(message.getData());
            }
            if (messages.isEmpty() && connection.getStatus() != Connection.Status.CONNECTED) {
                throw new IOException("the connection to NATS is " + connection.getStatus());
            }
            return messages;
        }

        @Override
        public void close() throws InterruptedIOException {
            NatsBus.close(connection);
        }
    }
}
