/**
 * HTTP: decide who may read what from where, and answer.
 *
 * <p>In come {@code GET} requests for a stream and, if switched on, {@code POST} requests that publish. A stream is answered
 * by a complete, ordinary response - status, headers, the first of what the reader missed - and a
 * {@link dev.eventstream.stream.HoldInstruction} for whoever holds it on from there. Next are {@code subscriber} for the position
 * to start from and {@code hold}. Everything runs on request threads, which are free again once the response is complete.
 *
 * <p>What a browser must understand is answered 200 with a {@code stream-error}, since an EventSource shows a page nothing
 * of other answers.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.http;

import org.jspecify.annotations.NullMarked;
