package dev.eventstream.bus.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenRowsTest {
    private static final long GAP = SeenRows.GAP_CLOSES.toMillis();

    private final SeenRows seen = new SeenRows();

    @Test
    void rows_in_order_are_read_once() {
        assertThat(seen.begin(10, 0)).isFalse();
        assertThat(seen.low()).isEqualTo(10);
        assertThat(seen.add(11, 0)).isTrue();
        assertThat(seen.add(12, 0)).isTrue();
        assertThat(seen.low()).isEqualTo(12);
        assertThat(seen.add(12, 0)).isFalse();
    }

    @Test
    void a_row_that_commits_after_one_with_a_higher_id_is_read() {
        seen.begin(10, 0);
        assertThat(seen.add(12, 0)).isTrue();
        assertThat(seen.low()).isEqualTo(10);
        assertThat(seen.add(11, 5)).isTrue();
        assertThat(seen.add(12, 5)).isFalse();
        assertThat(seen.low()).isEqualTo(12);
    }

    @Test
    void a_gap_that_remains_belongs_to_a_row_that_was_never_committed() {
        seen.begin(10, 0);
        seen.add(12, 0);
        seen.add(13, GAP - 1);
        assertThat(seen.low()).isEqualTo(10);
        seen.add(13, GAP + 1);
        assertThat(seen.low()).isEqualTo(13);
    }

    @Test
    void after_the_database_was_replaced_by_an_older_one_its_new_rows_are_read() {
        seen.begin(10, 0);
        seen.add(11, 0);
        seen.add(13, 0);
        assertThat(seen.begin(13, 1)).isTrue();
        assertThat(seen.begin(12, 2)).isFalse();
        assertThat(seen.low()).isEqualTo(12);
        assertThat(seen.add(13, 3)).isTrue();
    }

    @Test
    void reading_continues_unless_rows_may_have_been_deleted_in_between() {
        seen.begin(10, 0);
        seen.add(11, 0);
        assertThat(seen.begin(50, SeenRows.KEPT.toMillis() - 1)).isTrue();
        assertThat(seen.low()).isEqualTo(11);
        assertThat(seen.begin(90, 3 * SeenRows.KEPT.toMillis())).isFalse();
        assertThat(seen.low()).isEqualTo(90);
    }
}
