/**
 * What every {@link dev.eventstream.store.EventStore} must do, as a suite of tests for whoever writes one: published as this
 * library's test jar. Extend {@link dev.eventstream.store.testing.EventStoreContract}; it needs JUnit 5 with its params,
 * AssertJ and Guava.
 */
@NullMarked
package dev.eventstream.store.testing;

import org.jspecify.annotations.NullMarked;
