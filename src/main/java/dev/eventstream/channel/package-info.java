/**
 * Channels by name: which names there are, who may read one, which are stored.
 *
 * <p>In come names from routes, requests and configuration. Out go checked {@link dev.eventstream.channel.ChannelName}s
 * that no later code checks again, and yes or no from the application's
 * {@link dev.eventstream.channel.ChannelAuthorizer}. {@link dev.eventstream.channel.PlainText} is here because names of all
 * kinds follow its rule. Everybody is next; this room knows no other. It has no threads: values
 * are immutable, the authorizer runs on its caller's.
 *
 * <p>Partly API: docs/API.md lists the types.
 */
@NullMarked
package dev.eventstream.channel;

import org.jspecify.annotations.NullMarked;
