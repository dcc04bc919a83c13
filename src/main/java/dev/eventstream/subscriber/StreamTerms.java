package dev.eventstream.subscriber;

import java.time.Clock;
import java.time.Duration;

/**
 * The terms on which streams stay open.
 *
 * @param recheck the authorizer is asked again about each stream once in this time
 * @param maxAge a stream ends at this age, give or take a tenth
 * @param clock tells when credentials have expired
 */
public record StreamTerms(Duration recheck, Duration maxAge, Clock clock) {}
