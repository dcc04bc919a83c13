package dev.eventstream.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TroubleTest {
    private final Trouble trouble = new Trouble();

    @Test
    void the_beginning_and_the_end_are_each_reported_once() {
        assertThat(trouble.isOn()).isFalse();
        assertThat(trouble.ends()).isFalse();
        assertThat(trouble.begins()).isTrue();
        assertThat(trouble.begins()).isFalse();
        assertThat(trouble.isOn()).isTrue();
        assertThat(trouble.ends()).isTrue();
        assertThat(trouble.ends()).isFalse();
        assertThat(trouble.begins()).isTrue();
    }

    @Test
    void a_report_counts_as_a_change_only_if_it_differs() {
        assertThat(trouble.changesTo(false)).isFalse();
        assertThat(trouble.changesTo(true)).isTrue();
        assertThat(trouble.changesTo(true)).isFalse();
        assertThat(trouble.changesTo(false)).isTrue();
        assertThat(trouble.changesTo(false)).isFalse();
    }
}
