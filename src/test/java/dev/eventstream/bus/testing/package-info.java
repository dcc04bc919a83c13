/** The tests that every {@link dev.eventstream.bus.Bus} must pass: extend {@link dev.eventstream.bus.testing.BusContract}. */
@NullMarked
package dev.eventstream.bus.testing;

import org.jspecify.annotations.NullMarked;
