package dev.eventstream.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatabaseNodesTest extends TwoNodesContract {
    DatabaseNodesTest() {
        super("bus: {type: database}");
    }

    @Test
    void the_health_check_says_that_unstored_events_stay_on_their_node() {
        assertThat(health(one()))
                .contains("; events of unstored channels stay on the node that sends them, because this"
                        + " eventStream.bus does not carry them; postgres, redis and nats do");
    }
}
