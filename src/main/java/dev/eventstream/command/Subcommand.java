package dev.eventstream.command;

import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** One of the subcommands of {@code events}. Stateless. */
public interface Subcommand {

    /** The word that selects it. */
    String name();

    /** Describes the subcommand and its arguments, which follow the configuration file. */
    void configure(Subparser parser);

    /**
     * Does the work.
     *
     * @throws CommandFailedException if it cannot be done
     * @throws dev.eventstream.store.EventStoreException if the log cannot be used
     */
    void run(Namespace arguments, OpenLog log, Terminal terminal);
}
