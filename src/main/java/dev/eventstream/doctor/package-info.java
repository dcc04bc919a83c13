/**
 * Finds what would hurt: in the configuration, the database, the bus and the proxies.
 *
 * <p>Each {@code …Findings} class checks one area and returns {@link dev.eventstream.doctor.Finding}s: the problem, why it matters, and what
 * to change. Those that need only the configuration are also used at start, where an error refuses to start and a warning is logged. The
 * command {@code events doctor} runs all of them and prints a {@link dev.eventstream.doctor.Report}.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.doctor;

import org.jspecify.annotations.NullMarked;
