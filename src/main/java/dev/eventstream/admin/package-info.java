/**
 * What operators use on the admin port.
 *
 * <p>{@link dev.eventstream.admin.NodesPage} lists the nodes. {@link dev.eventstream.admin.TrimTask} removes events of a channel;
 * {@link dev.eventstream.admin.TrimGuard} decides which requests reach it. Everything runs on the threads of the admin connector.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.admin;

import org.jspecify.annotations.NullMarked;
