package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Estimate;
import dev.eventstream.benchmarks.capacity.Parameter;
import dev.eventstream.benchmarks.capacity.Parameters;
import dev.eventstream.benchmarks.capacity.Workload;

/**
 * What a node spends on its streams, in microseconds of CPU. The formulas are those of the estimate.
 *
 * <p>Immutable.
 */
final class Costs {
    private final Workload load;
    private final Parameters known;
    private final Estimate estimate;
    private final double newsAlone;
    private final double newsTogether;
    private final double perStreamAlone;
    private final double perStreamTogether;
    private final double fanOutRoom;

    Costs(Workload load, Parameters known) {
        this.load = load;
        this.known = known;
        this.estimate = Estimate.of(load, known);
        double frame = estimate.figure("frame");
        double perEvent = known.value(Parameter.CPU_EVENT) + frame * known.value(Parameter.CPU_BYTE) / 1e3;
        double write = known.value(Parameter.CPU_WRITE);
        double heard = load.events() * followed() / load.channels();
        double longest = known.value(Parameter.ROUND_LONGEST);
        this.newsAlone = heard * known.value(Parameter.CPU_NEWS);
        this.newsTogether = Math.min(heard, followed() / longest) * known.value(Parameter.CPU_NEWS);
        this.perStreamAlone = rate() * (write + perEvent);
        this.perStreamTogether = Math.min(rate(), 1 / longest) * write + rate() * perEvent;
        double threads = known.value(Parameter.FAN_OUT_THREADS);
        this.fanOutRoom = known.value(Parameter.LOAD_TARGET)
                * (threads == 0 ? load.cores() : Math.min(load.cores(), threads))
                * 1e6;
    }

    /** Events per second of one stream. */
    double rate() {
        return estimate.figure("eventsPerStream");
    }

    /** Channels that a node follows. */
    double followed() {
        return estimate.figure("followed");
    }

    /** Bytes of an event on the wire. */
    double frame() {
        return estimate.figure("frame");
    }

    /** Statements per second of normal operation, on all nodes. */
    double statements() {
        return estimate.figure("statements");
    }

    /** CPU of a round that the streams leave for requests and catch-up. */
    double free(int streams) {
        double all = load.cores() * Node.ROUND * 1e3;
        return Math.max(all / 4, all - fanOut(streams) * Node.ROUND / 1e3);
    }

    /** CPU per second for the events of the live streams. */
    double fanOut(int streams) {
        double alone = newsAlone + streams * perStreamAlone;
        double needed = alone <= fanOutRoom ? alone : Math.max(newsTogether + streams * perStreamTogether, fanOutRoom);
        return Math.min(needed, load.cores() * 1e6);
    }

    /** Bytes that a node can send in a round, besides the events for live streams. */
    double freeBytes(int streams) {
        double all = load.network() * 1e9 / 8 * Node.ROUND / 1e3;
        return Math.max(all / 4, all - streams * rate() * frame() * Node.ROUND / 1e3);
    }

    double catchUp(double events) {
        return events
                * (known.value(Parameter.CPU_CATCH_UP_EVENT)
                        + frame() * known.value(Parameter.CPU_CATCH_UP_BYTE) / 1e3);
    }

    boolean isInFirstAnswer(double events) {
        return events <= known.value(Parameter.START_EVENTS) && events * frame() <= known.value(Parameter.START_BYTES);
    }

    /** Statements that read the pages of a reader who has missed this number of events. */
    double pages(double events) {
        double ofChannel = events / load.channelsPerReader();
        return load.channelsPerReader()
                * Math.ceil(ofChannel / known.value(Parameter.DB_PAGE))
                * known.value(Parameter.DB_STATEMENTS_PAGE);
    }

    /** Statements that read once everything that was stored in the given time in the channels that a node follows. */
    double pagesOf(double seconds) {
        double events = load.events() * load.storedShare() * seconds * estimate.figure("followed") / load.channels();
        return events / known.value(Parameter.DB_PAGE) * known.value(Parameter.DB_STATEMENTS_PAGE);
    }

    Parameters known() {
        return known;
    }

    Workload load() {
        return load;
    }
}
