package dev.eventstream.pushpin;

import dev.eventstream.EventStream;
import dev.eventstream.ServedStreams;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.network.FreePorts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The test service with one or more real Pushpins in front of it. All start together, on a private database. */
final class ProxiedServer implements ServedStreams, BeforeAllCallback, AfterAllCallback, AutoCloseable {
    private final int port = FreePorts.next();
    private final List<PushpinProcess> pushpins = new ArrayList<>();
    private final List<UnaryOperator<PushpinProcess.Setup>> setups;
    private final List<String> overrides;
    private final List<String> proxyLines = new ArrayList<>();
    private final List<String> gripLines = new ArrayList<>();
    private final List<ControlRelay> relays = new ArrayList<>();
    private final List<String> moreLines = new ArrayList<>();
    private boolean relayed;
    private boolean counted;
    private boolean checked;
    private @Nullable TestServer server;

    private ProxiedServer(List<UnaryOperator<PushpinProcess.Setup>> setups, List<String> overrides) {
        this.setups = setups;
        this.overrides = overrides;
    }

    /** Behind a Pushpin with the settings that our README recommends. */
    static ProxiedServer recommended(String... overrides) {
        return behind(1, ProxiedServer::recommended, overrides).withProxy("minInterval: 0ms");
    }

    /** Behind a Pushpin as Debian ships it, with the defaults on both sides. */
    static ProxiedServer asShipped(String... overrides) {
        return behind(1, setup -> setup, overrides);
    }

    static ProxiedServer behind(int count, UnaryOperator<PushpinProcess.Setup> setup, String... overrides) {
        return new ProxiedServer(new ArrayList<>(Collections.nCopies(count, setup)), List.of(overrides));
    }

    static PushpinProcess.Setup recommended(PushpinProcess.Setup setup) {
        return setup.withoutMessageLimits();
    }

    /** With a line in the block of each proxy. */
    ProxiedServer withProxy(String line) {
        proxyLines.add(line);
        return this;
    }

    /** With a line in the grip block. */
    ProxiedServer withGrip(String line) {
        gripLines.add(line);
        return this;
    }

    /** With additional lines in the eventStream block. */
    ProxiedServer withMore(String line) {
        moreLines.add(line);
        return this;
    }

    /** With the address of each Pushpin's statistics. */
    ProxiedServer withStats() {
        counted = true;
        return this;
    }

    /** With a relay in front of each control port, which can lose publishes. */
    ProxiedServer withRelays() {
        relayed = true;
        return this;
    }

    /** With a delivery check through each Pushpin. */
    ProxiedServer withDeliveryCheck() {
        checked = true;
        return this;
    }

    ProxiedServer start() throws Exception {
        setups.forEach(setup -> pushpins.add(
                setup.apply(PushpinProcess.before("127.0.0.1:" + port)).start()));
        List<String> all = new ArrayList<>(overrides);
        all.add("server.applicationConnectors[0].port=" + port);
        TestServer started = TestServer.withMore(gripBlock(), all.toArray(String[]::new));
        server = started;
        started.start();
        awaitReady();
        return this;
    }

    /** Waits until every Pushpin opens streams: right after its start, Pushpin answers 5xx. */
    void awaitReady() {
        pushpins.forEach(pushpin -> Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> {
                    try (TestStream stream = TestStream.open(pushpin.uri().getPort(), "/events?channel=ready")) {
                        return stream.status() == 200;
                    }
                }));
    }

    private String gripBlock() {
        StringBuilder block = new StringBuilder("grip:\n  linkSecrets: [a-secret-for-the-links-of-the-tests]\n");
        gripLines.forEach(line -> block.append("  ").append(line).append('\n'));
        block.append("  proxies:\n");
        for (PushpinProcess pushpin : pushpins) {
            block.append("    - url: ")
                    .append(controlUri(pushpin))
                    .append("?verify-key=a-key-of-the-tests-which-is-no-secret\n");
            if (checked) {
                block.append("      deliveryCheck: {publicUri: \"")
                        .append(pushpin.uri())
                        .append("\", timeout: 10s}\n");
            }
            if (counted) {
                block.append("      statsUri: ").append(pushpin.statsUri()).append('\n');
            }
            proxyLines.forEach(line -> block.append("      ").append(line).append('\n'));
        }
        moreLines.forEach(line -> block.append(line).append('\n'));
        return block.toString();
    }

    private URI controlUri(PushpinProcess pushpin) {
        if (!relayed) {
            return pushpin.controlUri();
        }
        ControlRelay relay = new ControlRelay(pushpin.controlUri());
        relays.add(relay);
        return relay.uri();
    }

    /** The relay in front of the first Pushpin's control port. */
    ControlRelay relay() {
        return relays.get(0);
    }

    @Override
    public TestServer server() {
        return Objects.requireNonNull(server, "start it first");
    }

    EventStream events() {
        return server().events();
    }

    PushpinProcess pushpin() {
        return pushpins.get(0);
    }

    PushpinProcess pushpin(int index) {
        return pushpins.get(index);
    }

    /** The port of the service itself. */
    int port() {
        return port;
    }

    /** A stream through the first Pushpin. */
    @Override
    public TestStream stream(String path, String... headers) {
        return TestStream.open(pushpin().uri().getPort(), path, headers);
    }

    /** A stream that the service holds itself. */
    TestStream direct(String path, String... headers) {
        return TestStream.open(port, path, headers);
    }

    /** The number of requests at next links so far. */
    long nextRequests() {
        return server().service().requests.stream()
                .filter(request -> request.contains("/events/_next/"))
                .count();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop();
        }
        pushpins.forEach(PushpinProcess::close);
        relays.forEach(ControlRelay::close);
    }
}
