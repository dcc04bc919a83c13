/**
 * HTTP: decides whether a reader may read channels from a position, and answers.
 *
 * <p>It takes {@code GET} requests for a stream and, if enabled, {@code POST} requests that publish. The answer to a stream
 * is a complete, ordinary response (status, headers, the first missed events) and a
 * {@link dev.eventstream.stream.HoldInstruction} for the holder. The next packages are {@code subscriber}, which finds the
 * position to start from, and {@code hold}. The package also answers who is reading a channel, and serves the browser client.
 *
 * <p>Everything runs on request threads, which are free once the response is complete. Only posts of lines have threads of the
 * bundle, one for each post.
 *
 * <p>Errors that a browser must understand are answered with 200 and a {@code stream-error}, because an EventSource hides
 * other answers from the page.
 *
 * <p>No request can flood the log: see {@code FailureLog} and {@code RateLimitedLog}.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.http;

import org.jspecify.annotations.NullMarked;
