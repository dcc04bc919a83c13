package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.load.Publishers;
import dev.eventstream.benchmarks.load.StreamReaders;
import dev.eventstream.benchmarks.peer.Bare;
import dev.eventstream.benchmarks.peer.Server;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the load generator itself can do, and what it costs. Results beyond this limit mean nothing. */
public final class Generator implements Question {
    private static final int READERS = 100;

    @Override
    public String name() {
        return "generator";
    }

    @Override
    public String asks() {
        return "How much can the load generator receive and send, and how much CPU does it need for it?";
    }

    @Override
    public List<String> references() {
        return List.of();
    }

    @Override
    public void run(Run run) throws Exception {
        run.alternate(List.of(
                new Subject("readers that count", round -> receive(run, round, false)),
                new Subject("readers that read times", round -> receive(run, round, true)),
                new Subject("1 publisher", round -> send(run, round, 1)),
                new Subject("16 publishers", round -> send(run, round, 16)),
                new Subject("64 publishers", round -> send(run, round, 64))));
    }

    private static void receive(Run run, Subject.Round round, boolean readsTimes) throws Exception {
        try (Server server = new Bare().start(run.newDirectory("bare"));
                StreamReaders readers =
                        StreamReaders.open(server.port(), Collections.nCopies(READERS, Bare.FLOOD), readsTimes)) {
            pause(run, 2);
            long events = readers.events();
            double cpu = ownCpuSeconds();
            double seconds = pause(run, 10);
            events = readers.events() - events;
            record(round, events, seconds, ownCpuSeconds() - cpu);
        }
    }

    private static void send(Run run, Subject.Round round, int count) throws Exception {
        try (Server server = new Bare().start(run.newDirectory("bare"));
                Publishers publishers = Publishers.flatOut(
                        server.publishPort(), count, number -> server.publishRequest("any", 150), Long.MAX_VALUE)) {
            pause(run, 5);
            long events = publishers.accepted();
            double cpu = ownCpuSeconds();
            double seconds = pause(run, 10);
            record(round, publishers.accepted() - events, seconds, ownCpuSeconds() - cpu);
        }
    }

    private static void record(Subject.Round round, long events, double seconds, double cpuSeconds) {
        round.record("events", "1/s", events / seconds);
        round.record("CPU of the load generator per event", "µs", events == 0 ? 0 : cpuSeconds * 1e6 / events);
        round.record("CPU of the load generator", "cores", cpuSeconds / seconds);
    }

    private static double pause(Run run, int seconds) throws InterruptedException {
        long start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(run.seconds(seconds).toNanos());
        return (System.nanoTime() - start) / 1e9;
    }

    private static double ownCpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }
}
