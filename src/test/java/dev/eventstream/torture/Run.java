package dev.eventstream.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** One run, from the first process to the verdict. Confined to one thread, and starts others. */
final class Run implements AutoCloseable {
    /** How long readers have to receive everything after the last fault. */
    static final int CATCH_UP_SECONDS = 60;

    private static final long READ_EVERY_MILLIS = 300;
    private static final long SUPERVISE_EVERY_MILLIS = 3_000;
    private static final int READINGS_PER_TAKE_BACK = 5;
    private static final int JOB_WRITERS = 2;
    private static final int READERS_PER_JOB_READER = 4;
    private static final int READERS_PER_LATEST_READER = 4;
    private static final int START_READERS = 3;
    private static final int READERS_PER_CLIENT = 4;
    private static final int READERS_PER_CLIENT_OVER_EVENT_SOURCE = 12;
    private static final List<FaultKind> DIRECT = List.of(
            FaultKind.KILL_NODE,
            FaultKind.DIE_IN_TRANSACTION,
            FaultKind.STOP_NODE,
            FaultKind.KILL_DATABASE,
            FaultKind.CUT_DATABASE,
            FaultKind.HOLD_DATABASE,
            FaultKind.DELAY_DATABASE,
            FaultKind.CUT_READERS,
            FaultKind.CUT_READERS,
            FaultKind.HOLD_READERS,
            FaultKind.DELAY_READERS,
            FaultKind.DROP_ANNOUNCEMENTS,
            FaultKind.TRIM,
            FaultKind.TRIM,
            FaultKind.WIPE,
            FaultKind.REVOKE,
            FaultKind.LOCK_CHANNEL,
            FaultKind.LOCK_CHANNEL,
            FaultKind.BURST,
            FaultKind.THROW_ERROR,
            FaultKind.THROW_ERROR);

    private static final List<FaultKind> PROXIED =
            List.of(FaultKind.KILL_PROXY, FaultKind.STOP_PROXY, FaultKind.HOLD_CONTROL);

    private static final List<FaultKind> ON_BUS =
            List.of(FaultKind.CUT_BUS, FaultKind.HOLD_BUS, FaultKind.DELAY_BUS, FaultKind.KILL_BUS);

    /** After all nodes can use the bus again, for what they send one another then. */
    private static final long AFTER_BUS_MILLIS = 3_000;

    private final Options options;
    private final Trace trace;
    private final Findings findings;
    private final Truth truth;
    private final UnstoredEvents unstored;
    private final Phases phases = new Phases();
    private final Permissions permissions = new Permissions();
    private final Cluster cluster;
    private final LogFollower follower;
    private final Faults faults;
    private final Thread atExit = new Thread(this::closeAtExit, "torture-at-exit");
    private final List<StreamReader> readers = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();
    private final Jobs jobs;
    private final List<JobReader> jobReaders = new ArrayList<>();
    private final List<JobWriter> jobWriters = new ArrayList<>();
    private final List<LatestReader> latestReaders = new ArrayList<>();
    private final List<StartReader> startReaders = new ArrayList<>();
    private final LatestWriter latestWriter;
    private final List<ClientReader> clientReaders = new ArrayList<>();
    private final List<ClientProcess> clients = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

    // the timer's thread only
    private long readings;

    Run(Options options) throws Exception {
        this.options = options;
        this.trace = new Trace(options.directory());
        this.findings = new Findings(trace);
        this.truth = new Truth(findings);
        this.jobs = new Jobs(findings, permissions);
        this.cluster = new Cluster(options);
        Runtime.getRuntime().addShutdownHook(atExit);
        this.follower = new LogFollower(cluster.database(), truth, jobs, trace);
        Doors doors = cluster.doors();
        this.unstored = new UnstoredEvents(cluster.bus().isFast(), cluster.nodesByName());
        for (int i = 0; i < options.readers(); i++) {
            readers.add(new StreamReader(
                    i, options.seed(), absence(), doors, phases, truth, unstored, findings, permissions, trace));
        }
        Sender sender = new Sender(truth, unstored, trace);
        for (int i = 0; i < options.writers(); i++) {
            writers.add(writer(i, sender));
        }
        Writer faultWriter = writer(options.writers(), sender);
        for (int i = 1; i <= JOB_WRITERS; i++) {
            int number = options.writers() + i;
            jobWriters.add(
                    new JobWriter(number, options.seed(), writer(number, sender), sender, jobs, writerPorts(), phases));
        }
        for (int i = 0; i < Math.max(2, options.readers() / READERS_PER_JOB_READER); i++) {
            jobReaders.add(new JobReader(i, options.seed(), doors, phases, jobs, truth, findings, permissions, trace));
        }
        for (int i = 0; i < Math.max(2, options.readers() / READERS_PER_LATEST_READER); i++) {
            latestReaders.add(
                    new LatestReader(i, options.seed(), doors, phases, truth, findings, permissions, trace, lag()));
        }
        for (int i = 0; i < START_READERS; i++) {
            startReaders.add(new StartReader(i, options.seed(), doors, phases, truth, findings, permissions, trace));
        }
        addClients(false, Math.max(2, options.readers() / READERS_PER_CLIENT), doors);
        if (ClientProcess.hasEventSource()) {
            addClients(true, Math.max(1, options.readers() / READERS_PER_CLIENT_OVER_EVENT_SOURCE), doors);
        }
        Writer latestEvents = writer(options.writers() + JOB_WRITERS + 1, sender);
        this.latestWriter = new LatestWriter(options.seed(), latestEvents, sender, writerPorts(), phases);
        this.faults = new Faults(
                schedule(),
                cluster,
                doors.proxies(),
                readers,
                follower,
                faultWriter,
                sender,
                jobs,
                new LockFault(cluster, faultWriter, sender, findings, phases, trace),
                new BurstFault(faultWriter, sender, truth, findings, phases, trace),
                permissions,
                phases,
                trace,
                options.bug());
    }

    private void addClients(boolean overEventSource, int count, Doors doors) {
        List<ClientReader> together = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = clientReaders.size() + i;
            together.add(new ClientReader(
                    number, options.seed(), overEventSource, doors, truth, findings, permissions, trace));
        }
        clientReaders.addAll(together);
        clients.add(new ClientProcess(together, overEventSource, options, phases, findings));
    }

    /** Longer than the interval at which nodes read the log for what the bus has lost. */
    private Duration lag() {
        return Duration.ofSeconds(cluster.bus().isFast() ? 15 : 5);
    }

    /** How long readers sometimes stay away. */
    private Duration absence() {
        return options.bug() == Bug.TRIM_WITHOUT_LOW_WATER_MARK ? Duration.ofSeconds(2) : Duration.ofSeconds(10);
    }

    private Schedule schedule() {
        if (!options.faults().isEmpty()) {
            if (!cluster.bus().isFast() && options.faults().stream().anyMatch(ON_BUS::contains)) {
                throw new IllegalArgumentException("faults of the bus need --bus postgres, redis or nats");
            }
            return Schedule.of(options.seed(), options.time(), options.faults());
        }
        List<FaultKind> kinds = new ArrayList<>(
                options.bug() == Bug.NONE ? DIRECT : options.bug().faults());
        if (options.bug() == Bug.NONE && options.pushpins() > 0) {
            kinds.addAll(PROXIED);
        }
        if (options.bug() == Bug.NONE && cluster.bus().isFast()) {
            kinds.addAll(ON_BUS);
        }
        return Schedule.of(options.seed(), options.time(), kinds);
    }

    private Writer writer(int number, Sender sender) {
        int burstEvery = options.bug() == Bug.LOSE_ON_OVERFLOW ? 25 : 150;
        return new Writer(number, options.seed(), sender, writerPorts(), phases, burstEvery);
    }

    private List<Integer> writerPorts() {
        List<Integer> ports = new ArrayList<>();
        cluster.nodes().forEach(node -> ports.add(node.port()));
        cluster.fronts().forEach(front -> ports.add(front.port()));
        return ports;
    }

    /** Runs everything. */
    Verdict run() throws Exception {
        ScheduledFuture<?> reading = timer.scheduleWithFixedDelay(
                this::readLog, READ_EVERY_MILLIS, READ_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> supervising = timer.scheduleWithFixedDelay(
                this::supervise, SUPERVISE_EVERY_MILLIS, SUPERVISE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        List<Thread> readerThreads = start(readers, "reader-");
        readerThreads.addAll(start(jobReaders, "job-reader-"));
        readerThreads.addAll(start(startReaders, "start-reader-"));
        readerThreads.addAll(start(latestReaders, "latest-reader-"));
        readerThreads.addAll(start(clients, "clients-"));
        List<Thread> writerThreads = start(writers, "writer-");
        writerThreads.addAll(start(jobWriters, "job-writer-"));
        writerThreads.addAll(start(List.of(latestWriter), "latest-writer-"));
        Thread trouble = new Thread(faults, "faults");
        trouble.start();
        boolean ended = awaitEnd();
        trace.fault(ended ? "calm" : "calm, because the bug was found");
        phases.calm();
        join(List.of(trouble));
        faults.awaitEnd();
        heal();
        join(writerThreads);
        List<Gap> rests = awaitCaughtUp();
        List<String> waiting = isBugFound() ? List.of() : waiting();
        awaitHealthy("the loops", Node::loopTrouble);
        awaitHealthy("the connections to the bus", Node::busTrouble);
        if (cluster.bus().isFast()) {
            phases.awaitOver(AFTER_BUS_MILLIS);
        }
        phases.over();
        join(readerThreads);
        for (ScheduledFuture<?> task : List.of(reading, supervising)) {
            if (task.isDone()) { // only if it threw something
                task.get(0, TimeUnit.SECONDS);
            }
        }
        timer.shutdown();
        truth.judgeAll(rests);
        waiting.forEach(text -> findings.add(Breach.LOST, text));
        return verdict();
    }

    /** Leaves no processes behind if the program ends early. */
    private void closeAtExit() {
        try {
            cluster.close();
            trace.close();
        } catch (IOException e) {
            System.err.println("torture: some processes could not be ended: " + e);
        }
    }

    private void readLog() {
        follower.read();
        readings++;
        if (options.bug() == Bug.REUSE_ID && readings % READINGS_PER_TAKE_BACK == 0) {
            faults.takeBack();
        }
    }

    /** Starts nodes that could not start because the database was away. */
    private void supervise() {
        try {
            for (Node node : cluster.nodes()) {
                node.startIfStillDead().ifPresent(status -> judgeEnd(node, status));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void judgeEnd(Node node, int status) {
        String end = node.name() + " had ended with status " + status + " and was started again";
        trace.fault(end);
        if (status != Node.KILLED && status != Node.NOT_STARTED) {
            findings.add(Breach.LOST, end + ", although nobody had killed it");
        }
    }

    /** A run with a bug ends once the bug is found. */
    private boolean awaitEnd() throws InterruptedException {
        long end = System.nanoTime() + options.time().toNanos();
        while (System.nanoTime() - end < 0) {
            long left = (end - System.nanoTime()) / 1_000_000 + 1;
            phases.awaitCalm(Math.min(left, 500));
            if (options.bug() != Bug.NONE && isFound()) {
                return false;
            }
        }
        return true;
    }

    private boolean isFound() {
        return options.bug().breaches().stream().anyMatch(breach -> findings.count(breach) > 0);
    }

    private static List<Thread> start(List<? extends Runnable> tasks, String name) {
        List<Thread> threads = new ArrayList<>();
        for (Runnable task : tasks) {
            Thread thread = new Thread(task, name + threads.size());
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(60));
            if (thread.isAlive()) {
                throw new IllegalStateException("thread " + thread.getName() + " does not end");
            }
        }
    }

    /** The events that readers have not received when their time is up. */
    private List<Gap> awaitCaughtUp() throws InterruptedException {
        long start = System.nanoTime();
        List<Gap> rests = rests();
        int quiet = 0;
        while (quiet < 3 && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(CATCH_UP_SECONDS) && !isBugFound()) {
            phases.awaitOver(500);
            boolean isRead = follower.read();
            rests = rests();
            quiet = isRead && rests.isEmpty() && waiting().isEmpty() ? quiet + 1 : 0;
        }
        if (isBugFound()) {
            return List.of();
        }
        trace.fault("readers had " + (System.nanoTime() - start) / 1_000_000 + " ms to catch up");
        return rests;
    }

    private void heal() throws Exception {
        try {
            cluster.heal();
        } catch (ConditionTimeoutException e) {
            findings.add(Breach.LOST, "a node does not answer again, although no fault affects it: " + e.getMessage());
        }
    }

    private interface Check {
        /** What is wrong with a node; empty if nothing is. */
        String trouble(Node node) throws InterruptedException;
    }

    /** Waits until something works again on every node. */
    private void awaitHealthy(String what, Check check) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CATCH_UP_SECONDS);
        for (Node node : cluster.nodes()) {
            String trouble = check.trouble(node);
            while (!trouble.isEmpty() && System.nanoTime() - end < 0 && !isBugFound()) {
                phases.awaitOver(500);
                trouble = check.trouble(node);
            }
            if (!trouble.isEmpty() && !isBugFound()) {
                findings.add(Breach.LOST, what + " of node " + node.name() + " do not work: " + trouble);
            }
        }
    }

    private boolean isBugFound() {
        return options.bug() != Bug.NONE && isFound();
    }

    private List<Gap> rests() {
        return Stream.of(
                        readers.stream().map(StreamReader::rests),
                        startReaders.stream().map(StartReader::rests),
                        clientReaders.stream().map(ClientReader::rests))
                .flatMap(rests -> rests)
                .flatMap(List::stream)
                .toList();
    }

    /** What the readers of finished and latest channels wait for. */
    private List<String> waiting() {
        return Stream.concat(
                        jobReaders.stream().map(JobReader::waitsFor),
                        latestReaders.stream().map(LatestReader::waitsFor))
                .flatMap(Optional::stream)
                .toList();
    }

    private Verdict verdict() {
        Map<Breach, Long> breaches = new EnumMap<>(Breach.class);
        for (Breach breach : Breach.values()) {
            breaches.put(breach, findings.count(breach));
        }
        long shown =
                readers.stream().mapToLong(reader -> reader.memory().shown()).sum();
        long resets =
                readers.stream().mapToLong(reader -> reader.memory().resets()).sum();
        System.out.println("readers received " + shown + " events; " + truth.unverified()
                + " events were trimmed before they could be checked; unstored events were expected "
                + unstored.judged()
                + " times");
        long latest = latestReaders.stream().mapToLong(LatestReader::events).sum();
        System.out.println(jobs.summary() + "; readers of latest channels received " + latest + " events");
        System.out.println("browser clients showed "
                + sum(ClientReader::shown) + " events, dropped " + sum(ClientReader::repeats)
                + " repeats and reconnected " + sum(ClientReader::reconnects) + " times");
        return new Verdict(
                shown == 0 ? 0 : truth.events(), readers.size(), faults.kills(), cluster.cuts(), resets, breaches);
    }

    private long sum(ToLongFunction<ClientReader> count) {
        return clientReaders.stream().mapToLong(count).sum();
    }

    @Override
    public void close() throws IOException {
        phases.over();
        timer.shutdownNow();
        // a fault restarts what it has killed; it must not do that after the end
        faults.close();
        follower.close();
        cluster.close();
        trace.close();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
