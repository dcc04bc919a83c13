/**
 * Programs that measure, for people to run with {@code ./bench}; no tests. Each puts a load on the service, or on a part of
 * it, that a user would.
 */
@NullMarked
package dev.eventstream.bench;

import org.jspecify.annotations.NullMarked;
