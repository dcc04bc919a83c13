/**
 * The tests that every {@link dev.eventstream.store.EventStore} must pass, for authors of other stores. They are published as this
 * library's test jar. Extend {@link dev.eventstream.store.testing.EventStoreContract}; it needs JUnit 5 with its params,
 * AssertJ and Guava.
 */
@NullMarked
package dev.eventstream.store.testing;

import org.jspecify.annotations.NullMarked;
