package dev.eventstream.benchmarks.peer;

import dev.eventstream.benchmarks.load.PublishRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Pushpin without limits on messages ({@code message_rate=0}, {@code message_hwm=0}), which it needs to deliver all of them.
 *
 * <p>It runs either in front of the product, or in front of an origin that only asks it to hold each request ({@link HoldingOrigin}). In
 * the second case, the load generator posts to Pushpin's control port, which is the minimum behind Pushpin.
 */
public final class Pushpin {
    private static final String KEY = "0123456789abcdef0123456789abcdef0123456789abcdef";

    /** A client has the head of its answer before Pushpin follows the channel. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    private Pushpin() {}

    /** Pushpin alone, with a bare poster. */
    public static Peer bare() {
        return new BarePushpin("Pushpin, bare poster");
    }

    /** Pushpin in front of the product. */
    public static Peer before(Ours ours) {
        return new Before(ours.name() + ", Pushpin", ours);
    }

    private static String version() {
        return "Pushpin " + ServerProcess.debianVersion("pushpin");
    }

    private static ServerProcess start(Path directory, int port, int controlPort, int originPort)
            throws IOException, InterruptedException {
        Path files = Files.createDirectories(directory.resolve("pp"));
        Files.writeString(files.resolve("routes"), "* 127.0.0.1:" + originPort + '\n', StandardCharsets.UTF_8);
        Path configuration = Files.writeString(
                files.resolve("pushpin.conf"),
                String.format(Locale.ROOT, """
                        [global]
                        include={libdir}/internal.conf
                        rundir=%1$s
                        ipc_prefix=b-
                        port_offset=0
                        [runner]
                        services=condure,zurl,pushpin-proxy,pushpin-handler
                        http_port=127.0.0.1:%2$d
                        logdir=%1$s
                        log_level=2
                        client_buffer_size=8192
                        client_maxconn=50000
                        [proxy]
                        routesfile=routes
                        sig_iss=pushpin
                        sig_key=%4$s
                        updates_check=off
                        zurl_out_specs=ipc://{rundir}/{ipc_prefix}zurl-in
                        zurl_out_stream_specs=ipc://{rundir}/{ipc_prefix}zurl-in-stream
                        zurl_in_specs=ipc://{rundir}/{ipc_prefix}zurl-out
                        [handler]
                        push_in_spec=ipc://{rundir}/{ipc_prefix}push-in
                        push_in_sub_specs=ipc://{rundir}/{ipc_prefix}push-in-sub
                        push_in_http_addr=127.0.0.1
                        push_in_http_port=%3$d
                        command_spec=ipc://{rundir}/{ipc_prefix}command
                        stats_spec=ipc://{rundir}/{ipc_prefix}stats
                        message_rate=0
                        message_hwm=0
                        """, files, port, controlPort, KEY),
                StandardCharsets.UTF_8);
        return ServerProcess.start(files, List.of("pushpin", "--config", configuration.toString(), "--merge-output"))
                .awaitPort(controlPort)
                .awaitPort(port);
    }

    /** Pushpin accepts connections before it can do anything with them. */
    private static Server awaited(Server server, ServerProcess pushpin) throws InterruptedException {
        String head = server.streamHead("ready").replace("\n", "\r\n") + "Host: localhost\r\n\r\n";
        pushpin.await("stream through Pushpin", () -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
                return new String(start, StandardCharsets.US_ASCII).endsWith(" 200");
            }
        });
        return server;
    }

    private record BarePushpin(String name) implements Peer {
        @Override
        public String version() {
            return Pushpin.version();
        }

        @Override
        public Duration settling() {
            return SETTLING;
        }

        @Override
        public Server start(Path directory) throws Exception {
            int originPort = ServerProcess.freePort();
            int port = ServerProcess.freePort();
            int controlPort = ServerProcess.freePort();
            ServerProcess origin = ServerProcess.startJava(
                            directory,
                            List.of("-Xmx64m", "-XX:+UseSerialGC"),
                            HoldingOrigin.class,
                            Integer.toString(originPort))
                    .awaitPort(originPort);
            ServerProcess pushpin = Pushpin.start(directory, port, controlPort, originPort);
            return awaited(new BareRunning(pushpin, origin, port, controlPort), pushpin);
        }
    }

    private record BareRunning(ServerProcess pushpin, ServerProcess origin, int port, int publishPort)
            implements Server {
        @Override
        public String streamHead(String channel) {
            return "GET /events?channel=" + channel + " HTTP/1.1\n";
        }

        @Override
        public PublishRequest publishRequest(String channel, int dataLength) {
            String body =
                    "{\"items\":[{\"channel\":\"" + channel + "\",\"formats\":{\"http-stream\":{\"content\":\"data: "
                            + PublishRequest.data(dataLength) + "\\n\\n\"}}}]}";
            return PublishRequest.post("POST /publish/ HTTP/1.1\nContent-Type: application/json\n", body);
        }

        /** That of Pushpin; its origin has nothing to do once streams are open. */
        @Override
        public Usage usage() {
            return pushpin.usage();
        }

        @Override
        public void close() {
            pushpin.close();
            origin.close();
        }
    }

    private record Before(String name, Ours ours) implements Peer {
        @Override
        public String version() {
            return Pushpin.version();
        }

        @Override
        public Duration settling() {
            return SETTLING;
        }

        @Override
        public boolean isJvm() {
            return true;
        }

        @Override
        public Server start(Path directory) throws Exception {
            int originPort = ServerProcess.freePort();
            int port = ServerProcess.freePort();
            int controlPort = ServerProcess.freePort();
            Server origin = ours.with(String.format(Locale.ROOT, """
                            grip:
                              linkSecrets: [%s]
                              proxies: [{url: 'http://127.0.0.1:%d?verify-key=%s', minInterval: 0ms}]
                            """, KEY, controlPort, KEY))
                    .start(directory, originPort);
            ServerProcess pushpin = Pushpin.start(directory, port, controlPort, originPort);
            return awaited(new Proxied(pushpin, origin, port), pushpin);
        }
    }

    /** Streams through Pushpin, posts directly to the product. */
    private record Proxied(ServerProcess pushpin, Server origin, int port) implements Server {
        @Override
        public int publishPort() {
            return origin.port();
        }

        @Override
        public String streamHead(String channel) {
            return origin.streamHead(channel);
        }

        @Override
        public PublishRequest publishRequest(String channel, int dataLength) {
            return origin.publishRequest(channel, dataLength);
        }

        @Override
        public PublishRequest batchRequest(List<String> channels, int dataLength) {
            return origin.batchRequest(channels, dataLength);
        }

        /** That of the product and Pushpin together. */
        @Override
        public Usage usage() {
            return origin.usage().plus(pushpin.usage());
        }

        @Override
        public void close() {
            pushpin.close();
            origin.close();
        }
    }
}
