package dev.eventstream.hold;

import dev.eventstream.stream.HoldInstruction;

/**
 * What a resource leaves on a request whose answer this JVM will hold. The resource itself sends only status and headers: the
 * body is written by this package, so that a client that does not read occupies no request thread.
 *
 * @param instruction how the stream continues after the body
 * @param bytes the first bytes of the stream; must not be changed afterwards
 */
public record HeldAnswer(HoldInstruction instruction, byte[] bytes) {
    /** The request attribute that carries it. */
    public static final String ATTRIBUTE = HeldAnswer.class.getName();
}
