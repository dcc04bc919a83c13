@NullMarked
package dev.eventstream.otel;

import org.jspecify.annotations.NullMarked;
