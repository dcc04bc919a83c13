package dev.eventstream.admin.action;

import dev.eventstream.admin.page.Parameters;
import java.util.List;
import java.util.function.Supplier;

/** Something that an operator can do. Thread-safe. */
public abstract class Action {
    private final String name;
    private final String title;
    private final List<Field> fields;

    /**
     * @param name the word that selects it
     * @param title a phrase that begins with a verb, such as {@code Disconnect a user}
     */
    Action(String name, String title, Field... fields) {
        this.name = name;
        this.title = title;
        this.fields = List.of(fields);
    }

    /**
     * A parameter.
     *
     * @param label for people
     */
    public record Field(String name, String label) {
        /** The channel that an action is about. */
        static final Field CHANNEL = new Field("channel", "channel");
    }

    /**
     * An action with its parameters, ready to be done once.
     *
     * @param what a phrase that begins with a verb, for the confirmation and the log
     * @param effects sentences that say what happens
     * @param work does it; blocks, and returns what has happened as a clause
     */
    public record Prepared(String what, String effects, Supplier<String> work) {}

    /** The word that chooses it. */
    public final String name() {
        return name;
    }

    /** Its title. */
    public final String title() {
        return title;
    }

    /** Its parameters. */
    public final List<Field> fields() {
        return fields;
    }

    /**
     * Checks the parameters. Changes nothing.
     *
     * @throws IllegalArgumentException if one is missing or not allowed; the message is for the operator
     */
    public abstract Prepared prepare(Parameters parameters);
}
