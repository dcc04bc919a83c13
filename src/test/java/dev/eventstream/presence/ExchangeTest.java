package dev.eventstream.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.Attendee;
import dev.eventstream.presence.TestNodes.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeTest {
    private final TestNodes nodes = new TestNodes();
    private final TestNode one = nodes.add();
    private final TestNode two = nodes.add();

    @Test
    void every_node_knows_the_readers_of_all_nodes_within_a_second() {
        nodes.run(Duration.ofSeconds(1));
        one.enter("ann");
        one.enter("ann");
        two.enter("ann");
        two.enter("bob");
        two.enter(null);
        two.enter(null);
        nodes.run(Duration.ofSeconds(1));

        Presence expected = new Presence(TestNodes.ROOM, 4, 6, List.of("ann", "bob"), true);
        assertThat(one.room()).isEqualTo(expected);
        assertThat(two.room()).isEqualTo(expected);

        one.leave("ann");
        two.leave("bob");
        two.leave(null);
        nodes.run(Duration.ofSeconds(1));
        assertThat(one.room()).isEqualTo(new Presence(TestNodes.ROOM, 2, 3, List.of("ann"), true));
        assertThat(two.room()).isEqualTo(one.room());
    }

    @Test
    void a_new_node_gets_everything_soon() {
        one.enter("ann");
        nodes.run(Duration.ofSeconds(20));
        TestNode three = nodes.add();
        nodes.run(Duration.ofMillis(2_500));
        assertThat(three.room().users()).containsExactly("ann");
        assertThat(three.room().isComplete()).isTrue();
    }

    @Test
    void the_readers_of_a_killed_node_disappear_when_its_lease_expires_and_not_before() {
        one.enter("ann");
        two.enter("bob");
        nodes.run(Duration.ofSeconds(10));
        nodes.kill(two);
        nodes.run(Duration.ofSeconds(12));
        assertThat(one.room().users()).containsExactly("ann", "bob");
        nodes.run(Duration.ofSeconds(6));
        assertThat(one.room().users()).containsExactly("ann");
    }

    @Test
    void the_readers_of_a_node_that_stops_in_good_order_disappear_at_once() {
        one.enter("ann");
        two.enter("bob");
        nodes.run(Duration.ofSeconds(10));
        two.exchange.stop();
        nodes.kill(two);
        nodes.run(Duration.ofMillis(250));
        assertThat(one.room().users()).containsExactly("ann");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void a_bus_that_loses_repeats_and_reorders_messages_only_delays_the_counts(long seed) {
        Random random = new Random(seed);
        TestNode three = nodes.add();
        List<TestNode> all = List.of(one, two, three);
        for (int i = 0; i < 400; i++) {
            TestNode node = all.get(random.nextInt(3));
            String user = "user-" + random.nextInt(20);
            if (random.nextInt(40) == 0) {
                node.exchange.interrupted();
            }
            if (random.nextBoolean()) {
                node.enter(user);
            } else if (node.all.of(OwnReaders.SOURCE, new Attendee(TestNodes.ROOM, user)) > 0) {
                node.leave(user);
            }
            nodes.run(Duration.ofMillis(250), numbers -> damaged(numbers, random));
        }
        nodes.run(Duration.ofSeconds(12));

        assertThat(one.room().isComplete()).isTrue();
        assertThat(one.room().streams()).isPositive();
        assertThat(two.room()).isEqualTo(one.room());
        assertThat(three.room()).isEqualTo(one.room());
    }

    private static List<Integer> damaged(List<Integer> numbers, Random random) {
        List<Integer> damaged = new ArrayList<>();
        for (Integer number : numbers) {
            for (int copies = random.nextInt(3); copies > 0; copies--) {
                damaged.add(number);
            }
        }
        Collections.shuffle(damaged, random);
        return damaged;
    }

    @Test
    void a_node_that_misses_a_report_knows_that_it_is_incomplete_until_it_has_everything() {
        nodes.run(Duration.ofSeconds(6));
        one.enter("ann");
        nodes.run(Duration.ofMillis(500), numbers -> List.of());
        one.enter("bob");
        nodes.run(Duration.ofMillis(500));
        assertThat(two.room().isComplete()).isFalse();
        nodes.run(Duration.ofSeconds(4));
        assertThat(two.room()).isEqualTo(new Presence(TestNodes.ROOM, 2, 2, List.of("ann", "bob"), true));
    }

    @Test
    void ten_thousand_readers_that_come_and_go_within_an_interval_cost_no_more_than_one() {
        nodes.run(Duration.ofSeconds(10));
        nodes.takeBytes();
        nodes.run(Duration.ofSeconds(10));
        int idle = nodes.takeBytes();
        for (int i = 0; i < 10_000; i++) {
            one.enter("ann");
            one.leave("ann");
        }
        nodes.run(Duration.ofSeconds(10));
        assertThat(nodes.takeBytes()).isLessThan(idle + 50);
    }

    @Test
    void ten_thousand_readers_of_one_node_fit_into_a_few_hundred_kilobytes() {
        nodes.run(Duration.ofSeconds(10));
        nodes.takeBytes();
        for (int i = 0; i < 10_000; i++) {
            one.enter("user-" + i);
        }
        nodes.run(Duration.ofSeconds(10));
        assertThat(two.room().readers()).isEqualTo(10_000);
        assertThat(nodes.takeBytes()).isBetween(100_000, 200_000);
    }
}
