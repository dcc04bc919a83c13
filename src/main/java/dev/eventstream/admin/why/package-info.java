/**
 * Answers "why did this reader not receive this event?" from the log, the stream's filters, position and history, the authorizer, the
 * proxies, and the other nodes.
 *
 * <p>The answer to a {@link dev.eventstream.admin.why.Question} is a list of {@link dev.eventstream.admin.why.Finding}s, the most
 * decisive first. Nothing here changes anything, and no answer contains the data of an event.
 *
 * <p>Runs on a thread of the admin connector, which waits for the database, the fan-out threads and, for a limited time, the authorizer.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.admin.why;

import org.jspecify.annotations.NullMarked;
