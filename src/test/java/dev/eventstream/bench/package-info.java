/**
 * Programs that measure, for people to run with {@code ./bench}; no tests. Each starts the service it measures as a process
 * of its own and puts a load on it that a user would.
 */
@NullMarked
package dev.eventstream.bench;

import org.jspecify.annotations.NullMarked;
