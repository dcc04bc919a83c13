/**
 * Private databases for the questions about the log. {@code LogDatabase.start} starts a server on an empty directory, with the
 * server's defaults and with fsync on, and creates the bundle's tables as {@code db migrate} does; its {@code close} removes
 * everything. {@code Relay} counts round trips, {@code PlanLog} collects the query plans that a server reports, and
 * {@code BulkLog} fills a log without sending.
 */
@NullMarked
package dev.eventstream.benchmarks.database;

import org.jspecify.annotations.NullMarked;
