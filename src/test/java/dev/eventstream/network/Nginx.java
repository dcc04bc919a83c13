package dev.eventstream.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A private nginx in front of ports of this machine. It buffers and compresses as much as it can. Confined to one thread. */
public final class Nginx implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private final int port;
    private final ServerProgram program;

    private Nginx(int port, ServerProgram program) {
        this.port = port;
        this.program = program;
    }

    /**
     * Starts it.
     *
     * @param targets the ports to which it forwards in turn
     * @param silence how long it lets a target send nothing; 60 s is nginx's default
     */
    public static Nginx before(List<Integer> targets, Duration silence) throws IOException {
        return before(targets, silence, "");
    }

    /** Starts one that ignores what a target says about buffering. */
    public static Nginx holdingBack(int target) throws IOException {
        return before(List.of(target), Duration.ofSeconds(60), "proxy_ignore_headers X-Accel-Buffering;");
    }

    private static Nginx before(List<Integer> targets, Duration silence, String more) throws IOException {
        int port = FreePorts.next();
        Path directory = Files.createTempDirectory("nginx");
        Path configuration = Files.writeString(
                directory.resolve("nginx.conf"),
                """
                daemon off;
                pid nginx.pid;
                events { worker_connections 10000; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  gzip on;
                  gzip_types *;
                  gzip_proxied any;
                  upstream nodes {
                    %s
                  }
                  server {
                    listen 127.0.0.1:%d;
                    location / {
                      proxy_pass http://nodes;
                      proxy_read_timeout %ds;
                      %s
                    }
                  }
                }
                """.formatted(servers(targets), port, silence.toSeconds(), more),
                StandardCharsets.UTF_8);
        return new Nginx(
                port,
                ServerProgram.start(
                        "nginx",
                        directory,
                        port,
                        PROGRAM.toString(),
                        "-c",
                        configuration.toString(),
                        "-p",
                        directory.toString(),
                        "-e",
                        "stderr"));
    }

    private static String servers(List<Integer> targets) {
        return targets.stream()
                .map(target -> "server 127.0.0.1:" + target + " max_fails=0;")
                .collect(Collectors.joining(" "));
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        program.close();
    }
}
