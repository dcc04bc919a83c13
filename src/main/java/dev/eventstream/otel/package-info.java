/**
 * Follows events with OpenTelemetry: a span for each send, and one for each delivery by the node that sent ({@code eventStream.tracing},
 * off by default). The library is optional, so no other package uses it, and nothing here is loaded unless tracing is on.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.otel;

import org.jspecify.annotations.NullMarked;
