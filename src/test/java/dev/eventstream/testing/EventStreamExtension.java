package dev.eventstream.testing;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.EventStream;
import dev.eventstream.EventStreamBundle;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.Reader;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.event.Event;
import dev.eventstream.retention.Retention;
import io.dropwizard.core.Configuration;
import io.dropwizard.testing.DropwizardTestSupport;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Serves real streams from memory, without a database, to test the parts of an application that send events or decide who reads them.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final EventStreamExtension EVENTS = EventStreamExtension.of(new RoomAuthorizer());
 *
 * @Test
 * void an_order_reaches_its_readers() {
 *     try (TestReader reader = EVENTS.open("/events?channel=orders")) {
 *         new Orders(EVENTS.eventStream()).order("tea");
 *         assertThat(reader.next().data()).isEqualTo("{\"item\":\"tea\"}");
 *     }
 * }
 * }</pre>
 *
 * <p>Register it in a static field to start one server for all tests of the class, which then need different channels; in an instance field,
 * each test has a server with an empty log. A server listens on any free port, and has the bundle with its default configuration, the route
 * {@code /events} included, and Dropwizard's ObjectMapper. Code that sends in a transaction needs a database: see
 * {@link ApplicationStreams}.
 *
 * <p>Thread-safe once the server has started. Before that, {@link #configuredBy} and {@link #with} may be called.
 */
public final class EventStreamExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final Duration RETENTION_RUN = Duration.ofSeconds(10);

    private final ChannelAuthorizer authorizer;
    private EventStreamFactory factory = new EventStreamFactory();
    private UnaryOperator<EventStreamBundle.Builder<Configuration>> more = builder -> builder;

    private int classes;
    private volatile @Nullable Server running;

    private EventStreamExtension(ChannelAuthorizer authorizer) {
        this.authorizer = authorizer;
    }

    /** Streams that a reader may open if the application's authorizer allows it. */
    public static EventStreamExtension of(ChannelAuthorizer authorizer) {
        return new EventStreamExtension(authorizer);
    }

    /**
     * Sets the {@code eventStream} block of the configuration, such as routes, unstored channels or retention.
     *
     * @return this
     * @throws IllegalStateException if the server has started
     */
    public EventStreamExtension configuredBy(EventStreamFactory eventStream) {
        requireNotStarted();
        this.factory = eventStream;
        return this;
    }

    /**
     * Adds what else the application gives its bundle: routes, {@code validUntil}, {@code principalByName}. The configuration, the
     * authorizer, the auth filter and the store stay those of this extension.
     *
     * @return this
     * @throws IllegalStateException if the server has started
     */
    public EventStreamExtension with(UnaryOperator<EventStreamBundle.Builder<Configuration>> setup) {
        requireNotStarted();
        this.more = setup;
        return this;
    }

    private void requireNotStarted() {
        if (running != null) {
            throw new IllegalStateException("the server has started; set it up where the extension is made");
        }
    }

    /** The server and its log. */
    private static final class Server {
        private final TestClock clock = new TestClock();
        private final AgingStore store = new AgingStore(clock);
        private final SentEvents sent = new SentEvents(store);
        private final SignedIn signedIn = new SignedIn();
        private final Retention retention;
        private final TestApplication application;
        private final DropwizardTestSupport<Configuration> server;

        Server(EventStreamExtension setup) {
            this.retention = new Retention(
                    store,
                    (task, length) -> true,
                    Clock.systemUTC(), // the store moves it on
                    Ticker.systemTicker(),
                    setup.factory.getRetention().build(),
                    RETENTION_RUN,
                    new MetricRegistry());
            this.application = new TestApplication(setup.more
                    .apply(EventStreamBundle.builder())
                    .configuration(any -> setup.factory)
                    .store((any, environment) -> store)
                    .authorizer(setup.authorizer)
                    .authFilter((any, environment) -> signedIn.filter())
                    .build());
            this.server = application.server();
        }
    }

    private Server running() {
        Server started = running;
        if (started == null) {
            throw new IllegalStateException(
                    "the server runs only during tests; register this extension with @RegisterExtension");
        }
        return started;
    }

    /** Sends events; give it to the code under test. */
    public EventStream eventStream() {
        return running().application.eventStream();
    }

    /**
     * The address of a path on the server, for a client that the test brings itself.
     *
     * @param path with its query, such as {@code /events?channel=orders}
     * @throws IllegalArgumentException if it does not begin with a slash, or is not encoded as in an address
     */
    public URI uri(String path) {
        return Opening.uri(running().server.getLocalPort(), path);
    }

    /**
     * Opens a stream for an anonymous reader, and waits until it is open. It gets every event that is sent afterwards.
     *
     * @param path with its query, such as {@code /events?channel=orders}
     * @throws AssertionError if the reader is refused
     */
    public TestReader open(String path) {
        return open(Reader.anonymous(), path);
    }

    /**
     * Opens a stream for a reader who has signed in as any principal that the application's authorizer understands, and waits until it is
     * open.
     *
     * @param reader such as {@code Reader.of(new User("alice"))}
     * @throws AssertionError if the reader is refused
     */
    public TestReader open(Reader reader, String path) {
        return TestReader.open(opening(reader, path), contiguity(reader));
    }

    /**
     * Requests a stream that the service must refuse.
     *
     * @return the condition of the {@code stream-error}, such as {@code forbidden}; or {@code status 404}
     * @throws AssertionError if the stream opens
     */
    public String refusal(Reader reader, String path) {
        return TestReader.refusal(opening(reader, path), contiguity(reader));
    }

    private Opening opening(Reader reader, String path) {
        return new Opening(uri(path), running().signedIn.headers(reader));
    }

    private Contiguity contiguity(Reader reader) {
        return new Contiguity(running().sent, event -> isSkipped(reader, event));
    }

    private static boolean isSkipped(Reader reader, Event event) {
        return reader.user().filter(event::skips).isPresent();
    }

    /**
     * What was sent to a channel and has not been trimmed, first to last; {@link Event#isEnd} is the end of a finished channel. The events of
     * unstored channels are not in the log: only readers see them.
     */
    public List<Event> sent(String channel) {
        return running().sent.of(channel);
    }

    /** The names of the channels to which something was sent. */
    public Set<String> channels() {
        return running().sent.channels();
    }

    /** Those who may see an event: the authorizer lets them read its channel now, and the event does not skip them. */
    public List<Reader> whoSees(Event event, Reader... candidates) {
        return Arrays.stream(candidates)
                .filter(reader -> authorizer.mayRead(reader, event.channel()) && !isSkipped(reader, event))
                .toList();
    }

    /**
     * Advances the clock of the log: all events are older by that time, and those are trimmed that {@code eventStream.retention} no longer
     * keeps (by default, those older than 24 hours). Clients that resume from a position before a trimmed event get {@code stream-reset},
     * unless the server still has what they missed in its memory, where it keeps the events that were sent while a channel had readers and
     * for a minute after that.
     *
     * <p>The rest of the bundle keeps the system's clock: credentials, keep-alives and timeouts do not age.
     *
     * @throws IllegalArgumentException if the time is negative
     */
    public void advance(Duration time) {
        Server server = running();
        server.clock.advance(time);
        server.retention.run();
    }

    @Override
    public synchronized void beforeAll(ExtensionContext context) throws Exception {
        if (classes++ == 0) {
            start();
        }
    }

    @Override
    public synchronized void beforeEach(ExtensionContext context) throws Exception {
        if (classes == 0) {
            start();
        }
    }

    private void start() throws Exception {
        Server started = new Server(this);
        started.server.before();
        running = started;
    }

    @Override
    public synchronized void afterEach(ExtensionContext context) {
        if (classes == 0) {
            stop();
        }
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) {
        if (--classes == 0) {
            stop();
        }
    }

    private void stop() {
        Server started = running;
        running = null;
        if (started != null) {
            started.server.after();
        }
    }
}
