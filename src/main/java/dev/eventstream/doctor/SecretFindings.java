package dev.eventstream.doctor;

import dev.eventstream.config.EventStreamFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checks the lengths of secrets; published ones are refused at start. Stateless, thread-safe. */
public final class SecretFindings {
    static final String SECRETS = "secrets";

    /** The checks of this class. */
    public static final List<String> CHECKS = List.of(SECRETS);

    private SecretFindings() {}

    /**
     * Checks all secrets that the configuration contains.
     *
     * @throws IllegalArgumentException if a proxy is not allowed
     */
    public static List<Finding> of(EventStreamFactory factory, Clock clock) {
        Map<String, Integer> shortOnes = new TreeMap<>();
        factory.publish().ifPresent(publish -> shortOnes.putAll(publish.shortSecrets()));
        factory.grip().ifPresent(grip -> shortOnes.putAll(grip.shortSecrets(clock)));
        List<Finding> findings = new ArrayList<>();
        shortOnes.forEach((key, bytes) -> findings.add(Finding.warning(
                SECRETS,
                key + " is a secret of " + bytes + " bytes",
                "32 or more are recommended, because shorter ones are easier to guess",
                "make one with openssl rand -hex 24")));
        return findings;
    }
}
