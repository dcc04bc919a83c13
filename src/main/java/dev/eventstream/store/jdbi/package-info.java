/**
 * The log of each channel in SQL: H2, PostgreSQL and MariaDB. {@code Dialect} covers what differs between them.
 *
 * <p>{@link dev.eventstream.store.jdbi.JdbiEventStore} is the store; {@code migrations.xml} creates its tables. For a send
 * within its own transaction, an application passes a {@link dev.eventstream.store.jdbi.JdbiStoreTransaction} or
 * {@link dev.eventstream.store.jdbi.ConnectionTransaction}. {@code Appender} runs each {@code Append} in its transaction, and
 * {@code Trim} removes events. {@code ChannelDao}, {@code EventDao} and {@code OutboxDao} contain the SQL, one per table. The package
 * has no threads. The caller of an append limits how long it waits for locks. The pool and the driver limit how long it waits for
 * connections and for responses, so configure them.
 *
 * <p>Locks. Each writer to a channel first locks the channel's row in {@code eventstream_channel} and keeps the lock until the
 * transaction ends. That makes sequences gap-free and puts them in commit order. The rows of several channels are
 * locked in the order of their names, so appends never deadlock with one another. An application that sends several times
 * within one transaction must keep to that order itself, or be ready to try again when the database ends a deadlock.
 * Outbox rows are inserted after that. They are changed and deleted only once they are committed: at READ COMMITTED, by primary key
 * and in its order, in transactions that touch nothing else. So a transaction that waits for an outbox row holds nothing that the
 * owner of the row needs. Reading takes no locks. On MariaDB, a writer that creates a channel first locks one of 16 rows of
 * {@code eventstream_channel_lock}, by the channel's name.
 *
 * <p>The function {@code eventstream_send} of {@code send-function.xml} appends one event in PostgreSQL itself, with the same locks and
 * rows. If you change {@code Append}, change that function, too.
 *
 * <p>The SQL contains no {@code <}, {@code :}, {@code #} or quotes, so that no template engine or parser that the
 * application configured for its {@code Jdbi} changes it.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.store.jdbi;

import org.jspecify.annotations.NullMarked;
