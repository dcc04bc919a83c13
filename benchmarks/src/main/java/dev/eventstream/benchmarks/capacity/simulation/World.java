package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Parameters;
import java.util.SplittableRandom;

/** What all parts of a simulation share. */
final class World {
    private static final int MILLIS = 1_800_000;
    private static final int MILLIS_PER_NODE = 60_000;

    final Scenario scenario;
    final Parameters known;
    final Costs costs;
    final Readers readers;
    final Calendar calendar;
    final Client client;
    final Database database;
    final Absences absences;
    final Absences pauses;
    long refused;
    int lastBack = Events.START;
    long attempts;

    World(Scenario scenario, Parameters known) {
        this.scenario = scenario;
        this.known = known;
        this.costs = new Costs(scenario.load(), known);
        this.readers = new Readers(scenario.readers());
        int perNode = scenario.failure() == Failure.ROLLING ? MILLIS_PER_NODE * scenario.nodes() : 0;
        this.calendar = new Calendar(readers, MILLIS + perNode);
        this.client = new Client(scenario.client(), known, new SplittableRandom(scenario.seed()));
        this.database = Database.besides(costs.statements(), known);
        this.absences = new Absences(calendar.length());
        this.pauses = new Absences(calendar.length());
    }

    /** The reader tries to connect after a delay. */
    void comesAfter(int reader, int now, int delay) {
        readers.state[reader] = Readers.AWAY;
        readers.since[reader] = now;
        calendar.add(reader, now + Math.max(1, delay));
    }

    /** The stream of a reader has broken, or was never complete. */
    void breaks(int reader, int now) {
        if (readers.isLive(reader)) {
            readers.lost(reader, now);
        } else {
            readers.interrupted(reader);
        }
        comesAfter(reader, now, client.afterInterruption(readers.attempts[reader]));
    }

    /** The node has no room for the reader. */
    void refuse(int reader, int now) {
        refused++;
        comesAfter(reader, now, client.afterRefusal());
    }

    /** The reader has a stream and everything that was sent. */
    void isBack(int reader, int now) {
        absences.add(now - readers.lostAt[reader]);
        lastBack = Math.max(lastBack, now);
        readers.isBack(reader, now);
    }

    /** Stored events that a reader lacks. */
    double missed(int reader, int now) {
        return scenario.behind() + costs.rate() * scenario.load().storedShare() * (now - readers.lostAt[reader]) / 1e3;
    }
}
