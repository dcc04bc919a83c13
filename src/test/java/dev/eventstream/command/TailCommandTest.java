package dev.eventstream.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.Announcements;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.retention.RetentionRules;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.memory.MemoryEventStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import net.sourceforge.argparse4j.inf.Namespace;
import org.junit.jupiter.api.Test;

/** {@code events tail} on a log that cannot be read for a while. EventsCommandTest runs the command as users do. */
class TailCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void a_database_that_fails_for_a_while_delays_events_and_loses_none() {
        EventStore memory = new MemoryEventStore(Clock.systemUTC());
        memory.append(List.of(NewEvent.text("a", "message", "1")));
        EventStore failing = new ForwardingEventStore(memory) {
            private int reads;

            @Override
            public Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
                reads++;
                if (reads == 2 || reads == 3) {
                    append(List.of(NewEvent.text("a", "message", Integer.toString(reads))));
                    throw new EventStoreException("the database does not answer");
                }
                return super.newest(channels);
            }
        };
        Map<String, Object> arguments = Map.of("channels", List.of("a"), "from", "all", "count", 3L, "json", false);

        new TailCommand().run(new Namespace(arguments), log(failing), terminal());

        assertThat(out.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceAll(".* ", "")))
                .containsExactly("1", "2", "3");
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .startsWith("Waiting for the database: the database does not answer")
                .hasSizeLessThanOrEqualTo(2);
    }

    private Terminal terminal() {
        return new Terminal(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static OpenLog log(EventStore store) {
        MetricRegistry metrics = new MetricRegistry();
        StoredChannels stored = new StoredChannels(List.of());
        return new OpenLog(
                store,
                new EventPublisher(store, stored, new Announcements(List.of(), metrics), 1_000, metrics),
                null,
                null,
                stored,
                new RetentionRules(Duration.ofHours(1), List.of()),
                1_000,
                new ObjectMapper(),
                Clock.systemUTC());
    }
}
