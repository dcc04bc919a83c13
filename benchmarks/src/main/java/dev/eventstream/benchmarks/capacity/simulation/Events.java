package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Parameter;

/** Makes the failure of a scenario happen. */
final class Events {
    /** When it happens. */
    static final int START = 1_000;

    private final World world;
    private final Node[] nodes;
    private final Balancer balancer;
    private final Script script;
    private final double notices;
    private final double startTime;
    private int cutReaders;
    private int cutUntil;

    Events(World world, Node[] nodes, Balancer balancer, Script script) {
        this.world = world;
        this.nodes = nodes;
        this.balancer = balancer;
        this.script = script;
        this.notices = world.scenario.notices() * 1e3;
        this.startTime = world.known.value(Parameter.NODE_START) * 1e3;
    }

    void plan() {
        switch (world.scenario.failure()) {
            case RESTART -> script.at(START, () -> drain(0, START, false));
            case ROLLING -> script.at(START, () -> drain(0, START, true));
            case KILL -> script.at(START, () -> kill(0, 0));
            case OUTAGE -> script.at(START, () -> kill(0, nodes.length - 1));
            case CUT -> script.at(START, this::cut);
        }
    }

    /** Whether the reader has no network now. */
    boolean isCut(int reader, int now) {
        return reader < cutReaders && now < cutUntil;
    }

    private void cut() {
        cutReaders = (int) Math.round(world.readers.size() * world.scenario.share());
        cutUntil = START + (int) (world.scenario.outage() * 1e3);
        for (int reader = 0; reader < cutReaders; reader++) {
            nodes[world.readers.node[reader]].ended();
            world.breaks(reader, START);
        }
    }

    private void drain(int node, int now, boolean isRolling) {
        Drain drain = Drain.of(now, nodes[node].streams(), world.known);
        nodes[node].drains(drain);
        script.at(now + notices, () -> balancer.remove(node));
        int number = 0;
        for (int reader = 0; reader < world.readers.size(); reader++) {
            if (world.readers.node[reader] == node && world.readers.state[reader] == Readers.LIVE) {
                world.readers.state[reader] = Readers.ENDING;
                world.calendar.add(reader, drain.end(number++));
            }
        }
        script.at(drain.stop() + 1.0, () -> stop(node, drain.stop() + 1, isRolling));
    }

    /** A stream ends because its node drains. */
    void end(int reader, Drain drain, int now) {
        world.readers.lost(reader, now);
        int asked = drain.comeBack(now, world.client);
        world.comesAfter(reader, now, world.client.afterInterruption(world.readers.attempts[reader], asked));
    }

    private void kill(int first, int last) {
        for (int node = first; node <= last; node++) {
            nodes[node].stops();
            restart(node, START);
        }
        abandon(first, last, START);
    }

    private void stop(int node, int now, boolean isRolling) {
        nodes[node].stops();
        abandon(node, node, now);
        double back = restart(node, now);
        if (isRolling && node + 1 < nodes.length) {
            double next = back + world.known.value(Parameter.ROLLING_PAUSE) * 1e3;
            script.at(next, () -> drain(node + 1, (int) Math.ceil(next), true));
        }
    }

    /** Returns when the balancer uses the node again. */
    private double restart(int node, int now) {
        double up = now + startTime;
        double used = up + (Double.isInfinite(notices) ? 0 : notices);
        script.at(now + Math.min(notices, startTime / 2), () -> balancer.remove(node));
        script.at(up, () -> nodes[node].starts((int) Math.ceil(up)));
        script.at(used, () -> balancer.add(node));
        return used;
    }

    // those that wait for an attempt keep their time
    private void abandon(int first, int last, int now) {
        for (int reader = 0; reader < world.readers.size(); reader++) {
            int node = world.readers.node[reader];
            byte state = world.readers.state[reader];
            if (node >= first && node <= last && state != Readers.AWAY && state != Readers.ENDING) {
                world.breaks(reader, now);
            }
        }
    }
}
