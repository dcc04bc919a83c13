/**
 * Keeps the logs of the servers of a failed test, in {@code target/failed/<test>}. Code that starts a process for a test
 * registers its log with {@link dev.eventstream.logs.ServerLogs#add}; an extension that JUnit finds does the rest.
 */
@NullMarked
package dev.eventstream.logs;

import org.jspecify.annotations.NullMarked;
