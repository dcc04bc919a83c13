/**
 * The bus {@code nats}: core publish/subscribe on one subject. Needs jnats. Input: messages of {@code bus.NodeBus}. No threads
 * except those of jnats. Not API.
 */
@NullMarked
package dev.eventstream.bus.nats;

import org.jspecify.annotations.NullMarked;
