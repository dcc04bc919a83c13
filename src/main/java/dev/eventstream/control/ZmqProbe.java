package dev.eventstream.control;

/** Sends a harmless command, which is answered by the part of Pushpin that also takes events. Thread-safe. */
final class ZmqProbe implements ControlProbe {
    private final ZmqCommands commands;

    ZmqProbe(ZmqCommands commands) {
        this.commands = commands;
    }

    @Override
    public Finding ask() {
        try {
            commands.ask();
            return new Finding(Verdict.WELL, "answers commands");
        } catch (ControlException e) {
            return new Finding(Verdict.ILL, e.text());
        }
    }
}
