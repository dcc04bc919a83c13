/**
 * YAML to checked factories to built parts.
 *
 * <p>In comes the {@code eventStream} block of an application's configuration file; every value is checked at start, and
 * nothing is silently repaired. Out go parts for the bundle to wire. Building opens nothing.
 *
 * <p>Partly API: docs/API.md lists the types.
 */
@NullMarked
package dev.eventstream.config;

import org.jspecify.annotations.NullMarked;
