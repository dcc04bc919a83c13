/**
 * The log of each channel in the memory of this process: for tests, and for channels that replay their newest events but
 * need not outlive the process.
 *
 * <p>{@link dev.eventstream.store.memory.MemoryEventStore} is the store. It fulfils the whole contract except durability: a new
 * process uses new epochs, so clients that resume get {@code stream-reset}.
 * {@link dev.eventstream.store.memory.MemoryTransaction} stands for the application's transaction. {@code MemoryLogs} holds the logs
 * and the lock that guards them. The package has no threads; a sender waits for other senders to the same channel.
 */
@NullMarked
package dev.eventstream.store.memory;

import org.jspecify.annotations.NullMarked;
