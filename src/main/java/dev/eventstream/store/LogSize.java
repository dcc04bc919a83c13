package dev.eventstream.store;

import java.time.Instant;

/**
 * The approximate size of all logs together.
 *
 * <p>Immutable.
 *
 * @param events how many events are stored
 * @param bytes their size in the store, with its indexes; 0 if the store cannot tell without reading them
 * @param oldest when the oldest of them was sent; {@link Instant#MAX} if there are none
 */
public record LogSize(long events, long bytes, Instant oldest) {}
