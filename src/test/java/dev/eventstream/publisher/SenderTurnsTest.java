package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.PendingSend.Turn;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SenderTurnsTest {
    private static final long NOW = 1;

    private final SenderTurns turns = new SenderTurns();
    private final NavigableSet<PendingSend> waiting = new TreeSet<>();
    private final LockedChannels locked = new LockedChannels();
    private long arrivals;

    private PendingSend send(String channel) {
        PendingSend send = new PendingSend(List.of(NewEvent.text(channel, "message", "x")), NOW);
        send.arriveAs(++arrivals);
        return send;
    }

    private PendingSend waiting() {
        PendingSend send = send("free");
        waiting.add(send);
        return send;
    }

    private PendingSend locked(String channel) {
        PendingSend send = send(channel);
        locked.failed(new ChannelName(channel), NOW);
        locked.add(send, new ChannelName(channel));
        return send;
    }

    private void give() {
        turns.give(waiting, locked, NOW);
    }

    @Test
    void the_first_waiting_sender_leads_until_its_lead_ends() {
        PendingSend first = waiting();
        PendingSend second = waiting();
        give();
        give();
        assertThat(first.takeTurn()).isEqualTo(Turn.LEAD);
        assertThat(second.hasTurn()).isFalse();

        waiting.remove(first);
        turns.endLead();
        give();

        assertThat(second.takeTurn()).isEqualTo(Turn.LEAD);
    }

    @Test
    void the_first_sender_of_a_locked_channel_probes_until_its_probe_ends() {
        PendingSend first = locked("locked");
        PendingSend second = locked("locked");
        give();
        give();
        assertThat(first.takeTurn()).isEqualTo(Turn.PROBE);
        assertThat(second.hasTurn()).isFalse();

        locked.remove(first);
        turns.endProbe();
        give();

        assertThat(second.takeTurn()).isEqualTo(Turn.PROBE);
    }

    @Test
    void one_sender_leads_while_another_probes() {
        PendingSend leader = waiting();
        PendingSend prober = locked("locked");

        give();

        assertThat(leader.takeTurn()).isEqualTo(Turn.LEAD);
        assertThat(prober.takeTurn()).isEqualTo(Turn.PROBE);
    }

    @Test
    void a_sender_that_ends_loses_only_its_turn() {
        PendingSend leader = waiting();
        PendingSend prober = locked("locked");
        give();
        waiting.remove(leader);
        locked.remove(prober);
        PendingSend nextLeader = waiting();
        PendingSend nextProber = locked("locked");

        turns.end(leader);
        give();
        assertThat(nextLeader.hasTurn()).isTrue();
        assertThat(nextProber.hasTurn()).isFalse();

        turns.end(prober);
        give();
        assertThat(nextProber.hasTurn()).isTrue();
    }

    @Test
    void nobody_gets_a_turn_while_no_sender_waits() {
        give();
        PendingSend late = waiting();
        give();

        assertThat(late.takeTurn()).isEqualTo(Turn.LEAD);
    }
}
