/** A real Prometheus that scrapes a service, as docs/METRICS.md describes it. */
@NullMarked
package dev.eventstream.monitoring;

import org.jspecify.annotations.NullMarked;
