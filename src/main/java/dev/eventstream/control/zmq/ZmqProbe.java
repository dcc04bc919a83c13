package dev.eventstream.control.zmq;

import dev.eventstream.control.ControlException;
import dev.eventstream.control.ControlProbe;

/** Sends a harmless command to the part of Pushpin that also takes events. Thread-safe. */
final class ZmqProbe implements ControlProbe {
    private final ZmqCommands commands;

    ZmqProbe(ZmqCommands commands) {
        this.commands = commands;
    }

    @Override
    public Finding ask() {
        try {
            commands.ask();
            return new Finding(Verdict.HEALTHY, "answers commands");
        } catch (ControlException e) {
            return new Finding(Verdict.UNHEALTHY, e.text());
        }
    }
}
