package dev.eventstream.admin.action;

import dev.eventstream.admin.page.Parameters;
import java.util.List;
import java.util.function.Supplier;

/** Something that an operator can do. Thread-safe. */
public interface Action {

    /**
     * A parameter.
     *
     * @param label for people
     */
    record Field(String name, String label) {}

    /**
     * An action with its parameters, ready to be done once.
     *
     * @param what a phrase that begins with a verb, for the confirmation and the log
     * @param effects sentences that say what happens
     * @param work does it; blocks, and returns what has happened as a clause
     */
    record Prepared(String what, String effects, Supplier<String> work) {}

    /** The word that chooses it. */
    String name();

    /** Its title, such as {@code Disconnect a user}. */
    String title();

    List<Field> fields();

    /**
     * Checks the parameters. Changes nothing.
     *
     * @throws IllegalArgumentException if one is missing or not allowed; the message is for the operator
     */
    Prepared prepare(Parameters parameters);
}
