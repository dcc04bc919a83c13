/**
 * Keeps the logs of the servers that a failed test has started, in {@code target/failed/<test>}. Whatever starts a process
 * for a test says so with {@link dev.eventstream.logs.ServerLogs#add}; an extension that JUnit finds by itself does the rest.
 */
@NullMarked
package dev.eventstream.logs;

import org.jspecify.annotations.NullMarked;
