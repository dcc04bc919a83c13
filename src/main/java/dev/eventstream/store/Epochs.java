package dev.eventstream.store;

import java.security.SecureRandom;
import java.util.stream.Collectors;

/** Generates the epochs of new logs. Thread-safe. */
public final class Epochs {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 6;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Epochs() {}

    /** A random word. The chance that an earlier log of the same channel had it is one in two billion. */
    public static String next() {
        return RANDOM.ints(LENGTH, 0, ALPHABET.length())
                .mapToObj(i -> ALPHABET.substring(i, i + 1))
                .collect(Collectors.joining());
    }
}
