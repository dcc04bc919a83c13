package dev.eventstream.control.zmq;

import dev.eventstream.control.ControlException;

/** Makes a proxy that is reached over ZeroMQ ask for everything that its streams missed. */
@FunctionalInterface
interface ZmqRecovery {
    /** Without a command socket, recovery is not supported. */
    ZmqRecovery NONE = () -> {
        throw new ControlException(ControlException.Reason.UNSUPPORTED, "has no commandUri");
    };

    void recover() throws ControlException;
}
