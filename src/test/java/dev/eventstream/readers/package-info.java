/**
 * Readers of other projects, run through hostile data, lost connections and the ends of streams. {@code Library} lists them, and what
 * each cannot do ({@code Limit}). Those for JavaScript run in Node, from {@code client/readers}.
 */
@NullMarked
package dev.eventstream.readers;

import org.jspecify.annotations.NullMarked;
