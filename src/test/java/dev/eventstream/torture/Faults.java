package dev.eventstream.torture;

import dev.eventstream.network.FaultProxy;
import dev.eventstream.pushpin.PushpinProcess;
import dev.eventstream.torture.PatchedClasses.ErrorPlace;
import dev.eventstream.torture.Schedule.Step;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Carries out the faults of the schedule at their times. Runs on one thread and uses a few more.
 *
 * <p>No fault that delays sends begins during a judged lock, so that only the lock can delay them.
 */
final class Faults implements Runnable {
    /** Older events are trimmed. Longer than the time during which writers repeat a send. */
    static final Duration KEPT = Duration.ofSeconds(15);

    private static final Duration KEPT_FOR_BUG = Duration.ofSeconds(1);
    private static final Duration REVOKED = Duration.ofSeconds(14);
    private static final Duration TOLD = Duration.ofSeconds(3);
    private static final int LONG_STALL_FACTOR = 5;
    private static final long TAIL_MILLIS = 5_000;
    private static final long HEALTH_WATCH_MILLIS = 10_000;
    private static final long HEALTH_POLL_MILLIS = 200;
    private static final int THREADS = 16;
    private static final int END_SECONDS = 180;
    private static final int CLOSE_SECONDS = 30;

    private final Schedule schedule;
    private final Cluster cluster;
    private final List<FaultProxy> doors;
    private final List<StreamReader> readers;
    private final LogFollower follower;
    private final Writer writer;
    private final Sender sender;
    private final Jobs jobs;
    private final LockFault locks;
    private final BurstFault bursts;
    private final List<ErrorPlace> errorPlaces;
    private final Permissions permissions;
    private final Phases phases;
    private final Trace trace;
    private final Bug bug;

    /** Faults that delay sends take the read lock, a judged lock takes the write lock. */
    private final ReadWriteLock sends = new ReentrantReadWriteLock(true);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger deadlyJobs = new AtomicInteger();

    Faults(
            Schedule schedule,
            Cluster cluster,
            List<FaultProxy> doors,
            List<StreamReader> readers,
            LogFollower follower,
            Writer writer,
            Sender sender,
            Jobs jobs,
            LockFault locks,
            BurstFault bursts,
            Permissions permissions,
            Phases phases,
            Trace trace,
            Bug bug) {
        this.schedule = schedule;
        this.cluster = cluster;
        this.doors = doors;
        this.readers = readers;
        this.follower = follower;
        this.writer = writer;
        this.sender = sender;
        this.jobs = jobs;
        this.locks = locks;
        this.bursts = bursts;
        this.errorPlaces = Stream.of(ErrorPlace.values())
                .filter(place -> !place.needsProxies() || !cluster.pushpins().isEmpty())
                .toList();
        this.permissions = permissions;
        this.phases = phases;
        this.trace = trace;
        this.bug = bug;
    }

    int kills() {
        return kills.get();
    }

    @Override
    public void run() {
        long start = System.nanoTime();
        try {
            for (Step step : schedule.steps()) {
                long elapsed = (System.nanoTime() - start) / 1_000_000;
                if (phases.awaitCalm(Math.max(0, step.atMillis() - elapsed))) {
                    break;
                }
                threads.execute(() -> perform(step));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until every fault is over; call it once calm has come. */
    void awaitEnd() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a fault does not end; see faults.log");
        }
    }

    /** Interrupts the faults under way; afterwards none of them starts a process. */
    void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                trace.fault("a fault does not end, although it was interrupted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void perform(Step step) {
        String what = step.kind().label() + " target=" + step.target() + " millis=" + step.millis() + " choice="
                + step.choice();
        trace.fault("begin " + what);
        try {
            if (isJudgedLock(step)) {
                locked(sends.writeLock(), () -> performNow(step));
            } else if (step.kind().delaysSends()) {
                locked(sends.readLock(), () -> performNow(step));
            } else {
                performNow(step);
            }
            trace.fault("end   " + what);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            trace.fault("gave up " + what + ": " + e);
        }
    }

    private static boolean isJudgedLock(Step step) {
        return step.kind() == FaultKind.LOCK_CHANNEL && step.choice() % 3 > 0;
    }

    private interface Deed {
        void perform() throws Exception;
    }

    private void locked(Lock lock, Deed deed) throws Exception {
        lock.lockInterruptibly();
        try {
            deed.perform();
        } finally {
            lock.unlock();
        }
    }

    private void performNow(Step step) throws Exception {
        perform(step, of(cluster.nodes(), step), of(cluster.links(), step), of(doors, step));
    }

    private static <T> T of(List<T> all, Step step) {
        return all.get(step.target() % all.size());
    }

    private void perform(Step step, Node node, FaultProxy link, FaultProxy door) throws Exception {
        switch (step.kind()) {
            case KILL_NODE -> killNode(node, step.millis());
            case DIE_IN_TRANSACTION -> dieInTransaction(node, step);
            case STOP_NODE -> stopNode(node, step.millis());
            case KILL_DATABASE -> killDatabase(step.millis());
            case CUT_DATABASE -> cutDatabase();
            case HOLD_DATABASE -> troubled(step.millis(), link::hold, link::release);
            case DELAY_DATABASE -> troubled(step.millis(), () -> link.delay(1 + step.choice() % 20), link::release);
            case CUT_READERS -> door.cut();
            case HOLD_READERS -> lasting(step.millis(), door::hold, door::release);
            case DELAY_READERS -> lasting(step.millis(), () -> door.delay(1 + step.choice() % 50), door::release);
            case DROP_ANNOUNCEMENTS -> node.tell("/torture/drop-announcements?millis=" + step.millis(), KEPT);
            case TRIM -> trim(node);
            case WIPE -> follower.wipe();
            case REVOKE -> revoke(step);
            case LOCK_CHANNEL -> locks.run(step, node, isJudgedLock(step));
            case BURST -> bursts.run(node);
            case THROW_ERROR -> throwError(node, step);
            case KILL_PROXY -> killProxy(of(cluster.pushpins(), step), step.millis());
            case STOP_PROXY -> stopProxy(of(cluster.pushpins(), step), step.millis());
            case HOLD_CONTROL -> holdControl(of(cluster.controls(), step), step.millis());
            case CUT_BUS -> cutBus(step);
            case HOLD_BUS -> holdBus(of(cluster.bus().proxies(), step), step);
            case DELAY_BUS -> delayBus(of(cluster.bus().proxies(), step), step);
            case KILL_BUS -> killBus(step.millis());
        }
    }

    private void killNode(Node node, long millis) throws IOException, InterruptedException {
        node.kill();
        kills.incrementAndGet();
        phases.awaitCalm(millis / 3);
        node.start();
    }

    private void dieInTransaction(Node node, Step step) throws IOException, InterruptedException {
        Send send;
        boolean afterCommit = step.choice() % 2 == 0;
        boolean isJob = step.choice() / 2 % 2 == 0;
        String job = Jobs.name(writer.number(), deadlyJobs.incrementAndGet());
        synchronized (writer) {
            send = isJob ? JobWriter.deadly(writer, job, afterCommit) : writer.deadly(afterCommit);
        }
        if (isJob) {
            jobs.begin(job);
        }
        if (isJob && afterCommit) {
            jobs.mayFinish(job);
        }
        sender.note(node.name(), send, sender.ask(node.port(), send));
        if (isJob) {
            jobs.doubt(job);
        }
        if (!node.isAlive()) {
            kills.incrementAndGet();
        }
        phases.awaitCalm(step.millis() / 3);
        node.start();
    }

    private void stopNode(Node node, long millis) throws IOException, InterruptedException {
        trouble(millis);
        node.stop();
        try {
            phases.awaitCalm(millis);
        } finally {
            node.resume();
            trouble(0);
        }
    }

    private void killDatabase(long millis) throws Exception {
        trouble(millis);
        cluster.database().kill();
        kills.incrementAndGet();
        try {
            phases.awaitCalm(millis / 3);
        } finally {
            cluster.database().start();
            trouble(0);
        }
    }

    private void killProxy(PushpinProcess pushpin, long millis) throws InterruptedException {
        synchronized (pushpin) {
            pushpin.kill();
            kills.incrementAndGet();
            phases.awaitCalm(millis / 3);
            pushpin.start();
        }
    }

    private void stopProxy(PushpinProcess pushpin, long millis) throws InterruptedException {
        trouble(millis);
        synchronized (pushpin) {
            lasting(millis, pushpin::suspendHandler, pushpin::resumeHandler);
        }
        trouble(0);
    }

    private void holdControl(FaultProxy control, long millis) throws InterruptedException {
        trouble(millis);
        lasting(millis, control::hold, control::release);
        control.cut();
        trouble(0);
    }

    private void cutBus(Step step) {
        trouble(0);
        List<FaultProxy> all = cluster.bus().proxies();
        (step.choice() % 2 == 0 ? all : List.of(of(all, step))).forEach(FaultProxy::cut);
    }

    /** A stall of up to 5 s, or one time in three of up to 25 s, so that nodes and clients give up. */
    private void holdBus(FaultProxy link, Step step) throws InterruptedException {
        long millis = step.choice() % 3 == 0 ? LONG_STALL_FACTOR * step.millis() : step.millis();
        troubled(millis, link::hold, link::release);
        if (step.choice() % 2 == 0) {
            link.cut();
            trouble(0);
        }
    }

    private void delayBus(FaultProxy link, Step step) throws InterruptedException {
        lasting(step.millis(), () -> link.delay(1 + step.choice() % 50), link::release);
    }

    private void killBus(long millis) throws Exception {
        BusLinks bus = cluster.bus();
        trouble(millis);
        synchronized (bus) {
            bus.kill();
            kills.incrementAndGet();
            try {
                phases.awaitCalm(millis / 3);
            } finally {
                bus.start();
                trouble(0);
            }
        }
    }

    private void throwError(Node node, Step step) throws InterruptedException {
        ErrorPlace place = errorPlaces.get(step.choice() % errorPlaces.size());
        trace.fault("error to throw on " + node.name() + " in " + place.id());
        node.tell("/torture/throw-error?place=" + place.id() + "&memory=" + (step.target() / 2 % 2 == 0), KEPT);
        watchLoops(node, place);
    }

    /** Records what the health check reports about the loops of the node, and when, until they all work again. */
    private void watchLoops(Node node, ErrorPlace place) throws InterruptedException {
        long start = trace.millis();
        String last = "";
        while (trace.millis() - start < HEALTH_WATCH_MILLIS && !phases.awaitCalm(HEALTH_POLL_MILLIS)) {
            String trouble = node.loopTrouble();
            if (trouble.isEmpty() != last.isEmpty()) {
                trace.fault(
                        "loops of " + node.name() + " " + (trace.millis() - start) + " ms after the order to throw in "
                                + place.id() + ": " + (trouble.isEmpty() ? "healthy again" : trouble));
            }
            last = trouble;
        }
    }

    private void cutDatabase() {
        trouble(0);
        cluster.links().forEach(FaultProxy::cut);
    }

    private void troubled(long millis, Runnable begin, Runnable end) throws InterruptedException {
        trouble(millis);
        lasting(millis, begin, end);
        trouble(0);
    }

    private void trouble(long millis) {
        permissions.trouble(System.currentTimeMillis() + millis + TAIL_MILLIS);
    }

    private void lasting(long millis, Runnable begin, Runnable end) throws InterruptedException {
        begin.run();
        try {
            phases.awaitCalm(millis);
        } finally {
            end.run();
        }
    }

    /** Trims, but only if the checker has read the events before. */
    private void trim(Node node) throws InterruptedException {
        Duration kept = bug == Bug.TRIM_WITHOUT_LOW_WATER_MARK ? KEPT_FOR_BUG : KEPT;
        if (follower.read()) {
            node.tell("/torture/trim?olderThanMillis=" + kept.toMillis(), KEPT);
        }
    }

    /** Revokes a user's permission for a channel that the user reads, and reports it on one node. */
    private void revoke(Step step) throws IOException, InterruptedException {
        List<StreamReader> signedIn =
                readers.stream().filter(reader -> !reader.user().isEmpty()).toList();
        StreamReader reader = of(signedIn, step);
        List<String> channels = List.copyOf(reader.channels());
        String user = reader.user();
        String channel = channels.get(step.choice() % channels.size());
        String changed = "/torture/permission-changed?user=" + user + "&channel=" + Wire.encode(channel);
        permissions.revoke(user, channel);
        writeRevoked();
        trace.fault("revoked user=" + user + " channel=" + channel);
        report(step, changed, node -> {
            permissions.known(user, channel, System.currentTimeMillis());
            trace.fault(node.name() + " knows that revoked user=" + user + " channel=" + channel);
        });
        permissions.grant(user, channel);
        writeRevoked();
        trace.fault("granted user=" + user + " channel=" + channel);
        boolean unused = of(cluster.nodes(), step).tell(changed, TOLD);
    }

    /**
     * Reports a changed permission on one node, and on the next one if the first dies before it can have notified the others.
     * Changes that the bus has not accepted yet are lost when their node is killed.
     *
     * @param told called with each node that knows of the change
     */
    private void report(Step step, String changed, Consumer<Node> told) throws InterruptedException {
        long end = System.nanoTime() + REVOKED.toNanos();
        List<Node> nodes = cluster.nodes();
        int next = step.target();
        Optional<Node> knows = Optional.empty();
        int restarts = 0;
        long sinceMillis = 0;
        do {
            if (knows.isEmpty() || (hasDied(knows.get(), restarts) && mayWait(sinceMillis))) {
                Node node = nodes.get(next++ % nodes.size());
                restarts = node.restarts();
                knows = node.tell(changed, TOLD) ? Optional.of(node) : Optional.empty();
                knows.ifPresent(told);
                sinceMillis = System.currentTimeMillis();
            }
        } while (System.nanoTime() - end < 0 && !phases.awaitCalm(100));
    }

    private static boolean hasDied(Node node, int restartsBefore) {
        return node.restarts() != restartsBefore || !node.isAlive();
    }

    private boolean mayWait(long sinceMillis) {
        return permissions.mayWait(sinceMillis, System.currentTimeMillis());
    }

    private synchronized void writeRevoked() throws IOException {
        cluster.writeRevoked(permissions.pairs());
    }

    /** Makes ids available a second time; {@link Bug#REUSE_ID}. */
    void takeBack() {
        try {
            follower.takeBack();
        } catch (SQLException e) {
            trace.fault("nothing taken back: " + e);
        }
    }
}
