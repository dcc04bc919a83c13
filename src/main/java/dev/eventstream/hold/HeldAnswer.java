package dev.eventstream.hold;

import dev.eventstream.stream.HoldInstruction;

/**
 * What a resource leaves on a request whose answer this JVM is to hold. The answer itself has status and headers only: its
 * body is written here, so that a client that does not read holds no request thread.
 *
 * @param instruction how the stream continues after the body
 * @param bytes the first bytes of the stream; not changed after this
 */
public record HeldAnswer(HoldInstruction instruction, byte[] bytes) {}
