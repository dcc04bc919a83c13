package dev.eventstream.admin.page;

import java.util.ArrayList;
import java.util.List;

/** A part of a page. All implementations are immutable. */
public sealed interface Section {

    /** A sentence. */
    record Note(String text) implements Section {}

    /**
     * Values with names.
     *
     * @param key the name in JSON
     */
    record Facts(String key, String caption, List<Fact> facts) implements Section {
        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /**
     * A value with its name.
     *
     * @param key the name in JSON, with a unit if it needs one
     * @param label the name for people
     */
    record Fact(String key, String label, Value value) {}

    /**
     * A column of a table; see {@link Fact}.
     */
    record Column(String key, String label) {}

    /**
     * A table whose first column names the rows.
     *
     * @param key the name in JSON
     * @param rows as long as there are columns
     * @param total how many rows there would be without a limit
     */
    record Table(String key, String caption, List<Column> columns, List<List<Value>> rows, int total)
            implements Section {
        public Table {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }

        /** A table that shows every row. */
        public Table(String key, String caption, List<Column> columns, List<List<Value>> rows) {
            this(key, caption, columns, rows, rows.size());
        }

        /** How many rows are not shown. */
        int leftOut() {
            return total - rows.size();
        }
    }

    /**
     * Inputs and a button. JSON leaves it out.
     *
     * @param isPost whether it changes something
     * @param address where it leads
     * @param hint a sentence about it; may be empty
     */
    record Form(boolean isPost, String address, String legend, String hint, List<Input> inputs, String button)
            implements Section {
        public Form {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * One input of a form.
     *
     * @param label empty for an input that is not shown
     * @param choices the allowed values; empty for any text
     */
    record Input(String name, String label, String value, List<String> choices) {
        public Input {
            choices = List.copyOf(choices);
        }

        /** An input for any text. */
        public Input(String name, String label, String value) {
            this(name, label, value, List.of());
        }

        /** An input that is not shown. */
        public static Input hidden(String name, String value) {
            return new Input(name, "", value);
        }

        boolean isHidden() {
            return label.isEmpty();
        }
    }

    /** Columns from keys and labels in turn. */
    static List<Column> columns(String... keysAndLabels) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < keysAndLabels.length; i += 2) {
            columns.add(new Column(keysAndLabels[i], keysAndLabels[i + 1]));
        }
        return columns;
    }
}
