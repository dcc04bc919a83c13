package dev.eventstream.example;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Instant;

/**
 * A message in a room, in the form that REST and events have. Immutable.
 *
 * @param date ISO 8601, UTC
 */
public record Message(
        long id,
        String from,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant date,
        String text) {}
