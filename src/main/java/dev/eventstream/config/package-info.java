/**
 * Turns YAML into checked factories, and factories into parts.
 *
 * <p>The {@code eventStream} block of an application's configuration file becomes an
 * {@link dev.eventstream.config.EventStreamFactory}. Every value is checked at start; none is silently repaired. The bundle
 * wires the parts that the factories build. Building opens no connection, file or thread.
 *
 * <p>Partly API: docs/API.md lists the types.
 */
@NullMarked
package dev.eventstream.config;

import org.jspecify.annotations.NullMarked;
