package dev.eventstream;

import dev.eventstream.channel.ReadersByName;
import dev.eventstream.http.ReaderAuthentication;

/**
 * How readers are identified.
 *
 * <p>Thread-safe.
 *
 * @param authentication identifies the reader of a request
 * @param byName finds a reader of whom only the name is known
 */
record Readers(ReaderAuthentication authentication, ReadersByName byName) {}
