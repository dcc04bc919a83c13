/**
 * The testing kit: reads the streams of your application in its JUnit 5 tests, and shows what it has sent. The build attaches it as a jar
 * with the classifier {@code testing}; docs/TESTING.md describes it. It needs {@code dropwizard-testing}, which brings JUnit 5.
 *
 * <p>{@link dev.eventstream.testing.EventStreamExtension} serves streams from memory, to test the parts of an application.
 * {@link dev.eventstream.testing.ApplicationStreams} observes the whole application in its test server. Both open
 * {@link dev.eventstream.testing.TestReader}s, which read over HTTP as clients do.
 *
 * <p>Only the public types are API. They share no code with the tests of the bundle.
 */
@NullMarked
package dev.eventstream.testing;

import org.jspecify.annotations.NullMarked;
