/**
 * Programs that measure; run them with {@code ./bench}. They are not tests. Each puts a realistic load on the service or on a
 * part of it.
 */
@NullMarked
package dev.eventstream.bench;

import org.jspecify.annotations.NullMarked;
