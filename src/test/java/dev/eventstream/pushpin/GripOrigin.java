package dev.eventstream.pushpin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.grip.GripNames;
import dev.eventstream.stream.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A minimal origin behind Pushpin. It answers {@code /events/<user>/<channel>/<channel>…} (all percent-encoded) with a hold, and
 * returns the events that a stream missed when Pushpin asks for them. Channels whose names begin with {@code live-} are not stored.
 *
 * <p>Thread-safe.
 */
public final class GripOrigin implements AutoCloseable {
    private static final String NEXT = "/next/";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Map<ChannelName, List<Event>> logs = new HashMap<>();
    private final List<String> recoveries = new ArrayList<>();

    private GripOrigin(HttpServer server) {
        this.server = server;
    }

    public static GripOrigin start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        GripOrigin origin = new GripOrigin(server);
        server.setExecutor(origin.threads);
        server.createContext("/", origin::answer);
        server.start();
        return origin;
    }

    /** Host and port, for Pushpin's route. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** The path at which a user reads these channels. */
    public static String path(String user, String... channels) {
        return "/events/" + GripNames.user(user) + '/'
                + Stream.of(channels)
                        .map(name -> new ChannelName(name).encoded())
                        .collect(Collectors.joining("/"));
    }

    /** Appends an event to its channel's log without announcing it. */
    public synchronized Event append(NewEvent event) {
        if (!isStored(event.channel())) {
            return Event.unstored(event);
        }
        List<Event> log = logs.computeIfAbsent(event.channel(), name -> new ArrayList<>());
        Event stored = Event.stored(event, new EventId("e1", log.size() + 1));
        log.add(stored);
        return stored;
    }

    /** The paths at which Pushpin has asked for missed events. */
    public synchronized List<String> recoveries() {
        return List.copyOf(recoveries);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static boolean isStored(ChannelName channel) {
        return !channel.value().startsWith("live-");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] parts = exchange.getRequestURI().getRawPath().split("/");
            if (parts.length < 4) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            hold(exchange, parts);
        }
    }

    private synchronized void hold(HttpExchange exchange, String[] parts) throws IOException {
        List<ChannelName> channels =
                Stream.of(parts).skip(3).map(ChannelName::decode).sorted().toList();
        String path = exchange.getRequestURI().getRawPath();
        boolean isNext = path.startsWith(NEXT);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (isNext) {
            recoveries.add(path);
            writeMissed(exchange.getRequestHeaders(), channels, body);
        } else {
            body.writeBytes("event: stream-open\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8));
        }
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "text/event-stream");
        headers.set("Grip-Hold", "stream");
        channels.forEach(channel -> headers.add("Grip-Channel", instruction(channel)));
        headers.add("Grip-Channel", "user-" + parts[2] + "; filter=require-sub");
        headers.set("Grip-Set-Meta", "id_format=\"" + idFormat(channels) + "\", user=\"" + parts[2] + '"');
        headers.set("Grip-Link", '<' + path.replaceFirst("/events/", NEXT) + ">; rel=next; timeout=120");
        exchange.sendResponseHeaders(200, body.size());
        body.writeTo(exchange.getResponseBody());
    }

    private String instruction(ChannelName channel) {
        String filters = "; filter=build-id; filter=skip-users";
        return GripNames.events(channel) + (isStored(channel) ? "; prev-id=" + newest(channel) + filters : filters);
    }

    private EventId newest(ChannelName channel) {
        List<Event> log = logs.getOrDefault(channel, List.of());
        return log.isEmpty() ? EventId.NONE : log.get(log.size() - 1).id();
    }

    // without a format, or with an empty one, Pushpin answers a stream with the filter build-id with 200 and no body
    private static String idFormat(List<ChannelName> channels) {
        String format = channels.stream()
                .filter(GripOrigin::isStored)
                .map(channel -> channel.encoded().replace("%", "%%") + "=%(" + GripNames.events(channel) + ")s")
                .collect(Collectors.joining(","));
        return format.isEmpty() ? "-" : format;
    }

    private void writeMissed(Headers request, List<ChannelName> channels, ByteArrayOutputStream body) {
        Map<ChannelName, EventId> positions = new TreeMap<>();
        for (ChannelName channel : channels) {
            if (isStored(channel)) {
                positions.put(channel, last(request, channel));
            }
        }
        for (ChannelName channel : List.copyOf(positions.keySet())) {
            List<Event> log = logs.getOrDefault(channel, List.of());
            for (Event event : log.subList((int) last(request, channel).sequence(), log.size())) {
                positions.put(channel, event.id());
                String frame =
                        new String(new Message(event, LastEventId.of(positions)).bytes(), StandardCharsets.UTF_8);
                body.writeBytes(frame.replace("%", "%%").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static EventId last(Headers request, ChannelName channel) {
        String beginning = GripNames.events(channel) + "; last-id=";
        return request.getOrDefault("Grip-Last", List.of()).stream()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()))
                .map(id -> id.equals("0-0") ? EventId.NONE : EventId.parse(id))
                .findFirst()
                .orElse(EventId.NONE);
    }

    /** The address of a path through a proxy. */
    public static URI through(PushpinProcess pushpin, String path) {
        try {
            return new URI(pushpin.uri() + path);
        } catch (java.net.URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
