package dev.eventstream.network;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.logs.ServerLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A private nginx in front of ports of this machine. It buffers and compresses as much as it can. Confined to one thread. */
public final class Nginx implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port;
    private final Path directory;
    private final Process process;

    private Nginx(int port, Path directory, Process process) {
        this.port = port;
        this.directory = directory;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param targets the ports to which it forwards in turn
     * @param silence how long it lets a target send nothing; 60 s is nginx's default
     */
    public static Nginx before(List<Integer> targets, Duration silence) throws IOException {
        int port = FreePorts.next();
        Path directory = Files.createTempDirectory("nginx");
        Path log = Files.createFile(directory.resolve("nginx.log"));
        ServerLogs.add("nginx", log);
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
                    }
                  }
                }
                """.formatted(servers(targets), port, silence.toSeconds()),
                StandardCharsets.UTF_8);
        Process process = new ProcessBuilder(
                        PROGRAM.toString(), "-c", configuration.toString(), "-p", directory.toString(), "-e", "stderr")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Nginx nginx = new Nginx(port, directory, process);
        FreePorts.awaitListening("nginx", port);
        return nginx;
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
        ServerLogs.end(directory.resolve("nginx.log"));
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
