package dev.eventstream.bench;

import com.google.common.base.Splitter;
import dev.eventstream.ServiceProcess;
import dev.eventstream.bench.TwoNodes.Usage;
import dev.eventstream.bus.BusServer;
import dev.eventstream.database.PostgresServer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The latency of each bus: from a send on one node to a reader on the same node, which is the time of the commit, and to a reader on
 * another node. Then the queries and bytes of each node per event, and the queries of idle nodes with one channel and with many.
 */
public final class BusLatency {
    private static final String CHANNEL = "load";
    private static final int TEXT_CHARACTERS = 100;
    private static final int WARM_UP_SECONDS = 10;
    private static final int WARM_UP_RATE = 100;
    private static final int IDLE_SECONDS = 20;
    private static final int TRAFFIC_SECONDS = 10;
    /** Longer than any bus takes, so that a phase ends with all its events delivered. */
    private static final int SETTLE_SECONDS = 3;

    private final PostgresServer server;
    private final String bus;
    private final int rate;
    private final int seconds;
    private final int channels;

    private BusLatency(PostgresServer server, String bus, Arguments arguments) {
        this.server = server;
        this.bus = bus;
        this.rate = arguments.number("--rate", 50);
        this.seconds = arguments.number("--seconds", 20);
        this.channels = arguments.number("--channels", 100_000);
    }

    /** Arguments: {@code --bus NAME,… --rate N --seconds N --channels N}, all with defaults. */
    public static void main(String[] arguments) throws Exception {
        Arguments options = new Arguments(arguments, "--bus", "--rate", "--seconds", "--channels");
        List<String> buses = Splitter.on(',').splitToList(options.text("--bus", "database,postgres,redis,nats"));
        try (PostgresServer server = TwoNodes.server()) {
            for (String bus : buses) {
                new BusLatency(server, bus, options).run();
            }
        }
        System.exit(0);
    }

    private void run() throws Exception {
        List<BusServer> carrier = bus.equals("redis") || bus.equals("nats") ? List.of(BusServer.of(bus)) : List.of();
        try {
            for (BusServer each : carrier) {
                each.start();
            }
            try (TwoNodes nodes = TwoNodes.start(server, bus, carrier, false)) {
                measureLatency(nodes);
                measureIdle(nodes, 1);
                measureIdleWithMany(nodes);
            }
            try (TwoNodes nodes = TwoNodes.start(server, bus, carrier, true)) {
                measureTraffic(nodes);
            }
        } finally {
            carrier.forEach(BusServer::close);
        }
    }

    private void measureLatency(TwoNodes nodes) throws Exception {
        try (StampedStream here = new StampedStream(nodes.first().port(), CHANNEL);
                StampedStream there = new StampedStream(nodes.second().port(), CHANNEL)) {
            send(nodes.first(), WARM_UP_RATE, WARM_UP_SECONDS);
            here.arrivals().clear();
            there.arrivals().clear();
            int sent = send(nodes.first(), rate, seconds);
            List<Long> commit = new ArrayList<>();
            List<Long> other = new ArrayList<>();
            List<Long> more = new ArrayList<>();
            for (Map.Entry<Long, Long> arrival : here.arrivals().entrySet()) {
                long stamp = arrival.getKey();
                commit.add(arrival.getValue() - stamp);
                Long arrivedThere = there.arrivals().get(stamp);
                if (arrivedThere != null) {
                    other.add(arrivedThere - stamp);
                    more.add(arrivedThere - arrival.getValue());
                }
            }
            print("sent=%d, received on the same node=%d, on the other=%d", sent, commit.size(), other.size());
            print("reader on the same node (commit): %s", figures("same node", commit));
            print("reader on the other node: %s", figures("other node", other));
            print("the other node after the same node: %s", figures("other after same", more));
        }
    }

    private String figures(String name, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        double p50 = milliseconds(sorted, 0.5);
        double p99 = milliseconds(sorted, 0.99);
        Figures.printLowerIsBetter("bus " + bus + ", " + name + ", p50", p50, "ms");
        Figures.printLowerIsBetter("bus " + bus + ", " + name + ", p99", p99, "ms");
        return String.format(Locale.ROOT, "p50=%.1f p99=%.1f max=%.1f ms", p50, p99, milliseconds(sorted, 1));
    }

    private static double milliseconds(List<Long> sorted, double share) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) ((sorted.size() - 1) * share)) / 1e6;
    }

    private void measureTraffic(TwoNodes nodes) throws Exception {
        try (StampedStream here = new StampedStream(nodes.first().port(), CHANNEL);
                StampedStream there = new StampedStream(nodes.second().port(), CHANNEL)) {
            send(nodes.first(), WARM_UP_RATE, WARM_UP_SECONDS);
            List<Usage> idle = usageDuring(nodes, () -> TimeUnit.SECONDS.sleep(IDLE_SECONDS));
            int before = here.arrivals().size();
            List<Usage> busy = usageDuring(nodes, () -> send(nodes.first(), rate, TRAFFIC_SECONDS));
            int events = here.arrivals().size() - before;
            for (int i = 0; i < busy.size(); i++) {
                double share = (TRAFFIC_SECONDS + SETTLE_SECONDS) / (double) IDLE_SECONDS;
                Usage total = busy.get(i);
                Usage rest = idle.get(i);
                print(
                        "node %d (%s), per event, without what it uses when idle: %.2f queries, %.0f bytes to and from the"
                                + " database, %.0f bytes to and from the bus (events=%d)",
                        i + 1,
                        i == 0 ? "sends and reads" : "reads",
                        (total.queries() - share * rest.queries()) / events,
                        (total.databaseBytes() - share * rest.databaseBytes()) / events,
                        (total.busBytes() - share * rest.busBytes()) / events,
                        events);
            }
            print(
                    "both readers are open: %s",
                    there.arrivals().size() == here.arrivals().size());
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static List<Usage> usageDuring(TwoNodes nodes, Action action) throws Exception {
        List<Usage> before = nodes.usage();
        action.run();
        List<Usage> after = nodes.usage();
        List<Usage> during = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            during.add(after.get(i).minus(before.get(i)));
        }
        return during;
    }

    private void measureIdle(TwoNodes nodes, int read) throws Exception {
        List<Usage> idle = usageDuring(nodes, () -> TimeUnit.SECONDS.sleep(IDLE_SECONDS));
        double perSecond = idle.get(1).queries() / (double) IDLE_SECONDS;
        print("idle, channels read on the second node: %d; %.2f queries/s", read, perSecond);
        Figures.printLowerIsBetter("bus " + bus + ", idle queries, " + read + " channels", perSecond, "/s");
    }

    private void measureIdleWithMany(TwoNodes nodes) throws Exception {
        nodes.addChannels(channels);
        List<Socket> streams = new ArrayList<>();
        try {
            for (int from = 0; from < channels; from += TwoNodes.CHANNELS_PER_STREAM) {
                streams.add(open(nodes.second(), from, Math.min(channels, from + TwoNodes.CHANNELS_PER_STREAM)));
            }
            measureIdle(nodes, channels);
        } finally {
            for (Socket stream : streams) {
                stream.close();
            }
        }
    }

    private static Socket open(ServiceProcess node, int from, int to) throws Exception {
        StringBuilder query = new StringBuilder();
        for (int i = from; i < to; i++) {
            query.append(i == from ? '?' : '&').append("channel=c").append(i);
        }
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
        socket.getOutputStream()
                .write(("GET /events" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] beginning = socket.getInputStream().readNBytes(12);
        String status = new String(beginning, StandardCharsets.US_ASCII);
        if (!status.endsWith("200")) {
            throw new IllegalStateException("a stream of " + (to - from) + " channels got " + status);
        }
        return socket;
    }

    private static int send(ServiceProcess node, int perSecond, int forSeconds) throws InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> sending = pace.scheduleAtFixedRate(
                () -> {
                    try {
                        node.publish(CHANNEL, Readers.stamped(TEXT_CHARACTERS));
                        sent.incrementAndGet();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                0,
                1_000_000_000L / perSecond,
                TimeUnit.NANOSECONDS);
        TimeUnit.SECONDS.sleep(forSeconds);
        if (sending.isDone()) {
            throw new IllegalStateException("sending failed; see service.log");
        }
        pace.shutdown();
        boolean unused = pace.awaitTermination(10, TimeUnit.SECONDS);
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        return sent.get();
    }

    private void print(String format, Object... values) {
        System.out.println("bus " + bus + ": " + String.format(Locale.ROOT, format, values));
    }
}
