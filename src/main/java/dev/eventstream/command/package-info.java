/**
 * The subcommands of {@code events}, which operators and scripts run from the application's own jar with its configuration.
 *
 * <p>Each {@link dev.eventstream.command.Subcommand} describes its arguments and does its work on an
 * {@link dev.eventstream.command.OpenLog}; the front door reads the configuration and opens the log. Results go to the standard output,
 * everything else to the standard error. A failure is one line that says what to change.
 *
 * <p>Everything runs on the main thread of a process that ends after the command.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.command;

import org.jspecify.annotations.NullMarked;
