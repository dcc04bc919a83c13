/**
 * Channels by name: which names are allowed, who may read a channel, which channels are stored, latest, or have presence.
 *
 * <p>It takes names from routes, requests and configuration. It returns checked
 * {@link dev.eventstream.channel.ChannelName}s, which no later code checks again, and the decisions of the application's
 * {@link dev.eventstream.channel.ChannelAuthorizer}. {@link dev.eventstream.channel.PlainText} is here because names of all
 * kinds follow its rule. Every package uses this one; it uses no other. It has no threads: values are immutable, and the
 * authorizer runs on its caller's thread.
 *
 * <p>Partly API: docs/API.md lists the types.
 */
@NullMarked
package dev.eventstream.channel;

import org.jspecify.annotations.NullMarked;
