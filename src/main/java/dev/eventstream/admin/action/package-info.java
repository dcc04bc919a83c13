/**
 * What operators can do from the admin pages, if {@code eventStream.adminActions} allows it: disconnect or kick readers, trim or delete a
 * log, renew an epoch, drain the node.
 *
 * <p>An {@link dev.eventstream.admin.action.Action} checks its parameters and says what would happen; the page asks for confirmation, and
 * only then is it done. {@link dev.eventstream.admin.action.ChannelTrim} is also used by the trim task.
 *
 * <p>Runs on a thread of the admin connector.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.admin.action;

import org.jspecify.annotations.NullMarked;
