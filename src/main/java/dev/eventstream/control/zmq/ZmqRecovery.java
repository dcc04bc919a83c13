package dev.eventstream.control.zmq;

import dev.eventstream.control.ControlException;

/** Has a proxy that is reached over ZeroMQ ask for everything that its streams missed. */
@FunctionalInterface
interface ZmqRecovery {
    /** Without a command socket there is no way to say it. */
    ZmqRecovery NONE = () -> {
        throw new ControlException(ControlException.Reason.UNSUPPORTED, "has no commandUri");
    };

    void recover() throws ControlException;
}
