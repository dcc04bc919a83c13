/**
 * Real database servers for the tests: each is a private process on a free port of the loopback interface, with data of its
 * own, from the packages that {@code ./verify} installs. {@code shared()} gives the one that all suites of this JVM use;
 * {@code startNew} gives one that a test may stop and kill.
 */
@NullMarked
package dev.eventstream.database;

import org.jspecify.annotations.NullMarked;
