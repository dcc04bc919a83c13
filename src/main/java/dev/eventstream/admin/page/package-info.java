/**
 * The pages of the admin port as values, and the two ways to write them: HTML and JSON, which contain the same.
 *
 * <p>A {@link dev.eventstream.admin.page.Page} has sections, and these have {@link dev.eventstream.admin.page.Value}s. Channels, users and
 * addresses are chosen by clients, so everything is escaped where it is written, and shortened.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.admin.page;

import org.jspecify.annotations.NullMarked;
