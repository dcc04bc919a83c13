/**
 * Keys: reads the notations that GRIP_URL, Pushpin, and Fastly use, signs tokens, and verifies them.
 *
 * <p>{@code config} builds keys from YAML; {@code grip} verifies {@code Grip-Sig} with them, and {@code control} signs its
 * credentials. Values only: no sockets, no threads. No {@code toString} and no exception shows a key. Not API.
 */
@NullMarked
package dev.eventstream.grip.key;

import org.jspecify.annotations.NullMarked;
