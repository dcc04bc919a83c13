package dev.eventstream.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapacityTablesTest {
    private final String manual = Checkout.text("docs/CAPACITY.md");
    private final CapacityTables tables = new CapacityTables(Checkout.parameters());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nodes",
                "node-details",
                "nodes-with-more-threads",
                "node-details-with-more-threads",
                "cases",
                "failures",
                "validation",
                "assumed"
            })
    void the_tables_of_the_manual_are_what_the_model_computes(String name) {
        assertThat(CapacityTables.in(manual, name))
                .as("run benchmarks/capacity tables")
                .isNotEmpty()
                .isEqualTo(tables.table(name));
    }

    @Test
    void the_table_of_ten_million_readers_is_there() {
        assertThat(CapacityTables.in(manual, "ten-million")).contains("a node is killed");
    }

    @Test
    void a_table_replaces_what_was_between_its_marks(@TempDir Path directory) throws Exception {
        Path page = directory.resolve("page.md");
        Files.writeString(page, "before\n<!-- table: assumed -->\nold\n<!-- end -->\nafter\n");
        CapacityTables.write(page, Checkout.parameters());
        assertThat(Files.readString(page))
                .isEqualTo("before\n<!-- table: assumed -->\n" + tables.table("assumed") + "<!-- end -->\nafter\n");
    }

    @Test
    void an_unknown_table_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tables.table("nothing"))
                .withMessageContaining("'nothing'");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.04, 1, 9.96, 12, 149, 1e6})
    void numbers_have_two_digits_that_matter(double number) {
        double shown = Double.parseDouble(Numbers.number(number).replace(",", ""));
        assertThat(shown).isBetween(number * 0.949, number * 1.051);
    }
}
