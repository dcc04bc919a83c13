/**
 * The log of each channel in the memory of this process: for tests, and for channels whose newest events are to be replayed
 * but need not outlive the process.
 *
 * <p>{@link dev.eventstream.store.memory.MemoryEventStore} is the store and keeps the whole contract but durability: a new
 * process begins new epochs, so readers of the old one are told of a reset. {@link dev.eventstream.store.memory.MemoryTransaction}
 * stands for the application's own transaction. No threads of its own; a sender waits for others that write to the same channel.
 */
@NullMarked
package dev.eventstream.store.memory;

import org.jspecify.annotations.NullMarked;
