package dev.eventstream.benchmarks.capacity;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a workload means for a node, its database and its readers.
 *
 * <p>All figures describe the cluster after it has lost a node (if it has several), whose streams the others then carry.
 *
 * <p>Immutable.
 *
 * @param figures by name, in a fixed order; the page computes the same figures
 * @param used the use of each resource, as a share of what {@code load.target} allows; above 1, the resource does not suffice
 */
public record Estimate(Map<String, Double> figures, Map<Resource, Double> used) {

    /** Computes everything for a workload. */
    public static Estimate of(Workload load, Parameters known) {
        double up = Math.max(1, load.nodes() - 1);
        Streams streams = Streams.of(load, up, known);
        FanOut fanOut = FanOut.of(load, streams, known);
        Log log = Log.of(load, up, streams, known);
        Memory memory = Memory.of(load, streams, known);
        Cores cores = Cores.of(load, up, streams, fanOut, log, known);
        double bytes = Network.bytes(streams, fanOut, known);
        double target = known.value(Parameter.LOAD_TARGET);
        Map<Resource, Double> used = new EnumMap<>(Resource.class);
        used.put(Resource.CPU, cores.all() / load.cores() / target);
        used.put(Resource.FAN_OUT, fanOut.together() / fanOut.threads() / target);
        used.put(Resource.MEMORY, memory.used() / target);
        used.put(Resource.NETWORK, Network.used(load, bytes) / target);
        used.put(Resource.DATABASE, log.used(load, known) / target);
        used.put(Resource.STREAMS, streams.number() / known.value(Parameter.STREAMS_MOST));
        return new Estimate(figures(load, up, known, streams, fanOut, log, memory, cores, bytes), used);
    }

    private static Map<String, Double> figures(
            Workload load,
            double up,
            Parameters known,
            Streams streams,
            FanOut fanOut,
            Log log,
            Memory memory,
            Cores cores,
            double bytes) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("streams", streams.number());
        figures.put("eventsPerStream", streams.rate());
        figures.put("sends", load.events() / up);
        figures.put("deliveries", streams.deliveries());
        figures.put("writes", fanOut.writes());
        figures.put("frame", streams.frame());
        figures.put("bytes", bytes);
        figures.put("lastReader", fanOut.lastReader(load, up, streams, known));
        figures.put("cores", cores.all());
        figures.put("fanOutCores", fanOut.cores());
        figures.put("heap", memory.heap());
        figures.put("process", memory.process());
        figures.put("kernel", memory.kernel());
        figures.put("descriptors", streams.number() + known.value(Parameter.DESCRIPTORS_BASE));
        figures.put("followed", streams.followed());
        figures.put("transactions", log.transactions());
        figures.put("statements", log.statements());
        figures.put("rowsWritten", log.rowsWritten());
        figures.put("databaseBytes", log.bytes());
        figures.put("wal", log.wal());
        figures.put("perDay", log.perDay());
        figures.put("pushpins", pushpins(load, streams, up, known));
        Return back = Return.of(load, streams, fanOut, known);
        figures.put("returning", back.perNode());
        figures.put("startsPerSecond", back.startsPerSecond());
        figures.put("refusedFirst", back.refused());
        figures.put("started", back.started());
        figures.put("caughtUp", back.caughtUp());
        return figures;
    }

    // Pushpins of two cores each, if they hold all streams instead of the nodes
    private static double pushpins(Workload load, Streams streams, double up, Parameters known) {
        return Math.ceil(Math.max(
                load.readers() / known.value(Parameter.PUSHPIN_CONNECTIONS),
                streams.deliveries() * up / known.value(Parameter.PUSHPIN_DELIVERIES)));
    }

    /** The resource that is used most. */
    public Resource limit() {
        return used.entrySet().stream()
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
    }

    /** Whether every resource suffices. */
    public boolean fits() {
        return used.values().stream().allMatch(share -> share <= 1);
    }

    /** The use of a resource, as a share of what may be used. */
    public double share(Resource resource) {
        Double share = used.get(resource);
        if (share == null) {
            throw new IllegalStateException("no share of " + resource);
        }
        return share;
    }

    /** A figure. */
    public double figure(String name) {
        Double figure = figures.get(name);
        if (figure == null) {
            throw new IllegalArgumentException("there is no figure '" + name + "'");
        }
        return figure;
    }
}
