/**
 * The log of each channel in SQL: H2, PostgreSQL and MariaDB. {@code Dialect} has what differs between them.
 *
 * <p>{@link dev.eventstream.store.jdbi.JdbiEventStore} is the store; {@code migrations.xml} makes its tables. A send
 * within the application's own transaction comes in as a {@link dev.eventstream.store.jdbi.JdbiStoreTransaction} or
 * {@link dev.eventstream.store.jdbi.ConnectionTransaction}. {@code Append} is the writing, {@code ChannelDao}, {@code EventDao}
 * and {@code OutboxDao} are the SQL, one per table. The package has no threads. Locks are waited for as long as the caller of
 * the append allows; connections and answers as long as the pool and the driver allow, so set their limits.
 *
 * <p>Locks. Each writer to a channel locks its row in {@code eventstream_channel} first and keeps it until the
 * transaction ends: that is what makes sequences gap-free and puts them in commit order. The rows of several channels are
 * locked in the order of their names, so appends never deadlock with one another. An application that sends several times
 * within one transaction must keep to that order itself, or be ready to try again when the database ends a deadlock.
 * Announcement rows are inserted after that, and changed and deleted elsewhere only once they are committed: at READ COMMITTED,
 * by primary key and in its order, in transactions that touch nothing else, so a transaction that waits for one holds nothing that its owner needs.
 * Reading takes no locks. On MariaDB, a writer that creates a channel first locks one of 16 rows of
 * {@code eventstream_channel_lock}, by the channel's name.
 *
 * <p>The SQL is free of {@code <}, {@code :}, {@code #} and quotes, so that no template engine or parser that the
 * application gave its {@code Jdbi} changes it.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.store.jdbi;

import org.jspecify.annotations.NullMarked;
