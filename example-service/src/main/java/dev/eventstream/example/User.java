package dev.eventstream.example;

import java.security.Principal;
import java.time.Instant;

/**
 * A user who has shown a password. Immutable.
 *
 * @param expires when the user must sign in again
 */
public record User(String name, Instant expires) implements Principal {
    @Override
    public String getName() {
        return name;
    }
}
