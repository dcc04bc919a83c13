package dev.eventstream.benchmarks.capacity.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A load balancer that distributes connections to its nodes in turn, or to the one with the fewest. If a node does not accept a
 * connection, it tries another node, as nginx and HAProxy do.
 */
final class Balancer {
    private final List<Integer> rotation = new ArrayList<>();
    private final Node[] nodes;
    private final Choice choice;
    private int turn;

    Balancer(Choice choice, Node[] nodes) {
        this.choice = choice;
        this.nodes = nodes;
        for (int i = 0; i < nodes.length; i++) {
            rotation.add(i);
        }
    }

    /** The node for the next connection; empty if none accepts it. */
    Optional<Integer> next() {
        return choice == Choice.FEWEST ? fewest() : inTurn();
    }

    private Optional<Integer> fewest() {
        int best = -1;
        for (int node : rotation) {
            if (nodes[node].isUp() && (best < 0 || nodes[node].connections() < nodes[best].connections())) {
                best = node;
            }
        }
        return best < 0 ? Optional.empty() : Optional.of(best);
    }

    private Optional<Integer> inTurn() {
        for (int i = 0; i < rotation.size(); i++) {
            turn = (turn + 1) % rotation.size();
            Integer node = rotation.get(turn);
            if (nodes[node].isUp()) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    void remove(int node) {
        rotation.remove((Integer) node);
    }

    void add(int node) {
        if (!rotation.contains(node)) {
            rotation.add(node);
        }
    }
}
