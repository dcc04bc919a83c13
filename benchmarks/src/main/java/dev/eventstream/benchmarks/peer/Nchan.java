package dev.eventstream.benchmarks.peer;

import dev.eventstream.benchmarks.load.PublishRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * nginx with nchan, configured as its documentation recommends: one location for publishers, one for readers ({@code nchan_subscriber
 * eventsource}). Connections of publishers are kept, because nginx would otherwise close each after a thousand requests.
 *
 * @param workers the value of {@code worker_processes}
 * @param buffered how many events of each channel it keeps; 0 for none
 */
public record Nchan(String name, String workers, int buffered) implements Peer {
    /** Without a buffer, one worker: the reference for unstored events. */
    public static final Nchan UNSTORED = new Nchan("nchan", "1", 0);

    /** Without a buffer, a worker per core. */
    public static final Nchan ALL_CORES = new Nchan("nchan, auto workers", "auto", 0);

    /** With a buffer in shared memory; it does not survive a restart. */
    public static final Nchan BUFFERED = new Nchan("nchan, buffered", "1", 20_000);

    @Override
    public String version() {
        return "nginx " + ServerProcess.debianVersion("nginx-common") + " with nchan "
                + ServerProcess.debianVersion("libnginx-mod-nchan");
    }

    @Override
    public Server start(Path directory) throws IOException, InterruptedException {
        int port = ServerProcess.freePort();
        String storage = buffered == 0
                ? "nchan_store_messages off;"
                : "nchan_message_buffer_length " + buffered + "; nchan_message_timeout 1h;";
        String configuration = String.format(Locale.ROOT, """
                load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
                daemon off;
                worker_processes %s;
                worker_rlimit_nofile 20000;
                pid %s/nginx.pid;
                error_log stderr warn;
                events { worker_connections 18000; }
                http {
                  access_log off;
                  client_body_temp_path %<s/body;
                  proxy_temp_path %<s/proxy;
                  fastcgi_temp_path %<s/fastcgi;
                  uwsgi_temp_path %<s/uwsgi;
                  scgi_temp_path %<s/scgi;
                  tcp_nodelay on;
                  keepalive_requests 1000000000;
                  keepalive_timeout 1h;
                  nchan_shared_memory_size 512M;
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    nchan_channel_id $arg_id;
                    location = /pub { nchan_publisher http; %s }
                    location = /sub {
                      nchan_subscriber eventsource;
                      nchan_eventsource_ping_interval 20s;
                      nchan_subscriber_first_message newest;
                      %5$s
                    }
                  }
                }
                """, workers, directory, port, storage, storage);
        Path file = Files.writeString(directory.resolve("nginx.conf"), configuration, StandardCharsets.UTF_8);
        ServerProcess process = ServerProcess.start(
                directory, List.of("nginx", "-e", "stderr", "-p", directory.toString(), "-c", file.toString()));
        return new SimpleServer(process.awaitPort(port), port) {
            @Override
            public String streamHead(String channel) {
                return "GET /sub?id=" + channel + " HTTP/1.1\n";
            }

            @Override
            public PublishRequest publishRequest(String channel, int dataLength) {
                return PublishRequest.post(
                        "POST /pub?id=" + channel + " HTTP/1.1\nContent-Type: text/plain\n",
                        PublishRequest.data(dataLength));
            }
        };
    }
}
