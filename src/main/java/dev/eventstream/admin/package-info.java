/**
 * What operators use on the admin port.
 *
 * <p>{@link dev.eventstream.admin.AdminPages} serves the pages: what the node and its neighbours are doing, why a reader did not receive an
 * event ({@code admin.why}), and what operators can do about it ({@code admin.action}). Each {@code PageSource} makes a page as a value,
 * which {@code admin.page} writes as HTML or JSON. Nothing is collected for the pages while nobody asks for them.
 *
 * <p>{@link dev.eventstream.admin.NodesPage} lists the nodes as plain text. {@link dev.eventstream.admin.TrimTask} removes events of a
 * channel; {@link dev.eventstream.admin.TrimGuard} decides which requests reach it. Everything runs on the threads of the admin connector.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.admin;

import org.jspecify.annotations.NullMarked;
