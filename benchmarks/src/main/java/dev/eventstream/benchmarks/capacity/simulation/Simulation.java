package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Parameters;
import java.util.Arrays;
import java.util.Optional;

/** Follows all readers of a scenario until everyone is live again. */
public final class Simulation {
    private static final int SECOND = 1_000;

    private final World world;
    private final Node[] nodes;
    private final Balancer balancer;
    private final Script script = new Script();
    private final Events events;
    private int attemptsInSecond;
    private int mostAttempts;

    private Simulation(Scenario scenario, Parameters known) {
        this.world = new World(scenario, known);
        this.nodes = new Node[scenario.nodes()];
        Arrays.setAll(nodes, i -> new Node(world));
        this.balancer = new Balancer(scenario.choice(), nodes);
        this.events = new Events(world, nodes, balancer, script);
        for (int reader = 0; reader < world.readers.size(); reader++) {
            world.readers.node[reader] = reader % nodes.length;
            nodes[reader % nodes.length].holds();
        }
    }

    /** Runs a scenario. Takes seconds to a minute, and 18 bytes for each reader. */
    public static Outcome run(Scenario scenario, Parameters known) {
        return new Simulation(scenario, known).run();
    }

    private Outcome run() {
        events.plan();
        int now = 0;
        while (now < world.calendar.length() && !(script.isEmpty() && world.readers.away() == 0)) {
            script.run(now);
            actAt(now);
            if (now % Node.ROUND == 0) {
                round(now);
            }
            now++;
            if (now % SECOND == 0) {
                endSecond();
            }
        }
        endSecond();
        return Outcome.of(world, nodes, mostAttempts);
    }

    private void actAt(int now) {
        int reader = world.calendar.first(now);
        while (reader != Readers.NONE) {
            int next = world.readers.next[reader];
            act(reader, now);
            reader = next;
        }
    }

    private void act(int reader, int now) {
        if (world.readers.state[reader] == Readers.ENDING) {
            Node node = nodes[world.readers.node[reader]];
            node.ended();
            events.end(reader, node.drain(), now);
            return;
        }
        attemptsInSecond++;
        world.attempts++;
        Optional<Integer> node = events.isCut(reader, now) ? Optional.empty() : balancer.next();
        if (node.isPresent()) {
            world.readers.node[reader] = node.get();
            nodes[node.get()].connect(reader, now);
            return;
        }
        if (events.isCut(reader, now) || nodes.length == 1) {
            world.readers.interrupted(reader);
        } else if (world.scenario.client() == ClientKind.EVENT_SOURCE) {
            return; // the balancer answers 503, and an EventSource never comes back after that
        } else {
            world.readers.gotError(reader);
        }
        world.comesAfter(reader, now, world.client.afterInterruption(world.readers.attempts[reader]));
    }

    // each round begins with another node, because all share the database
    private void round(int now) {
        world.database.beginRound();
        int first = now / Node.ROUND % nodes.length;
        for (int i = 0; i < nodes.length; i++) {
            nodes[(first + i) % nodes.length].round(now);
        }
    }

    private void endSecond() {
        mostAttempts = Math.max(mostAttempts, attemptsInSecond);
        attemptsInSecond = 0;
        world.database.endSecond();
        for (Node node : nodes) {
            node.endSecond();
        }
    }
}
