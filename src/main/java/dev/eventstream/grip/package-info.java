/**
 * The protocol between a GRIP proxy and this application: the headers that make a proxy hold a stream, the links by which it asks
 * for what comes next, and the signature that identifies its requests.
 *
 * <p>The input is a decision of {@code http}, a {@link dev.eventstream.stream.HoldInstruction}; {@link
 * dev.eventstream.grip.GripHeaders} writes it for a proxy. A proxy returns with a signed {@link dev.eventstream.grip.NextLink},
 * and {@link dev.eventstream.grip.GripSigVerifier} recognises it by {@code Grip-Sig}. {@code control} uses the names and escapes
 * defined here for what it publishes. Values and keys only: no sockets, no threads. No {@code toString} and no exception shows a
 * key.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.grip;

import org.jspecify.annotations.NullMarked;
