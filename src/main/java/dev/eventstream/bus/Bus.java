package dev.eventstream.bus;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Carries small messages between the nodes of an application. It is an extension point: the bundle contains the engines
 * {@code database}, {@code postgres}, {@code redis} and {@code nats}, and an application can add another, with one
 * {@link dev.eventstream.config.BusFactory} class that builds it.
 *
 * <p>A message is opaque bytes. Every node, including the sender, should receive each message. A bus may lose, repeat or reorder
 * messages: the log of each channel stays in the database, and every node also polls it.
 *
 * <p>An engine needs no threads, queues or retries. One thread of the node publishes, and another receives; each opens a new
 * connection after a failure. {@link #openPublisher} and {@link #openReceiver} may run at the same time.
 */
public interface Bus {
    /** The size of the messages that every engine must carry, in bytes. */
    int MIN_MESSAGE_BYTES = 4_096;

    /**
     * Connects for publishing. Blocks for at most ten seconds.
     *
     * @throws Exception if it cannot connect; the message is for the person on call
     */
    Publisher openPublisher() throws Exception;

    /**
     * Connects for receiving. Messages published after this method returns are received. Blocks for at most ten seconds.
     *
     * @throws Exception if it cannot connect; the message is for the person on call
     */
    Receiver openReceiver() throws Exception;

    /** The largest message that this bus carries, in bytes; at least {@value #MIN_MESSAGE_BYTES}. Larger ones are sent in parts. */
    default int maxMessageBytes() {
        return 64 << 10;
    }

    /**
     * Whether a message usually arrives within milliseconds. If not, nodes leave stored events to the poll, unstored events stay on
     * the node that sends them, and the bus carries only what is not an event, such as a changed permission. The factory of such a
     * bus should return a shorter {@link dev.eventstream.config.BusFactory#defaultPollInterval}.
     */
    default boolean isFast() {
        return true;
    }

    /** Publishes messages. Confined to one thread. */
    interface Publisher extends AutoCloseable {
        /**
         * Hands one message to the bus. Blocks for at most ten seconds.
         *
         * @throws Exception if the message may not have been accepted
         */
        void publish(byte[] message) throws Exception;

        @Override
        void close() throws IOException;
    }

    /** Receives messages. Confined to one thread. */
    interface Receiver extends AutoCloseable {
        /**
         * Waits for messages.
         *
         * @param patience how long to wait for the first one; at most one second
         * @return the messages in the order in which they arrived; empty if none arrived in that time
         * @throws Exception if the connection has failed
         */
        List<byte[]> receive(Duration patience) throws Exception;

        /** Whether it continues exactly where the bus's previous receiver ended, so that nothing was missed in between. */
        default boolean isGapless() {
            return false;
        }

        @Override
        void close() throws IOException;
    }
}
