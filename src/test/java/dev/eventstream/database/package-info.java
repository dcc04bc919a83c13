/**
 * Real database servers for the tests. Each is a private process on a free port of the loopback interface, with private data,
 * from the packages that {@code ./verify} installs. {@code shared()} returns the server that all suites of this JVM share;
 * {@code startNew} starts one that a test may stop and kill.
 */
@NullMarked
package dev.eventstream.database;

import org.jspecify.annotations.NullMarked;
