package dev.eventstream.hold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.LocalConnector.LocalEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queue in a Jetty server without sockets, in front of a resource that answers when the test allows it. */
class StartQueueTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final QueuedThreadPool threads = new QueuedThreadPool(200);
    private final Server server = new Server(threads);
    private final LocalConnector connector = new LocalConnector(server);
    private final Resource resource = new Resource();

    private static final class Resource extends Handler.Abstract {
        final Semaphore mayAnswer = new Semaphore(0);
        final List<String> arrived = new CopyOnWriteArrayList<>();

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String path = Request.getPathInContext(request);
            arrived.add(path);
            boolean isRefused = request.getAttribute(StartQueue.REFUSED) != null;
            if (path.startsWith("/stream") && !isRefused) {
                assertThat(mayAnswer.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
            }
            if (path.endsWith("/broken")) {
                throw new IllegalStateException("broken");
            }
            if (path.endsWith("/unknown")) {
                return false;
            }
            assertThat(ContextHandler.getCurrentContext()).isNotNull();
            response.write(true, ByteBuffer.wrap((isRefused ? "refused" : "done").getBytes(UTF_8)), callback);
            return true;
        }

        int held() {
            return mayAnswer.getQueueLength();
        }
    }

    private StartQueue start(StartQueue.Limits limits) throws Exception {
        StartQueue queue = new StartQueue(path -> path.startsWith("/stream"), limits);
        queue.setHandler(resource);
        server.setHandler(new ContextHandler(queue, "/"));
        server.addConnector(connector);
        server.start();
        return queue;
    }

    @AfterEach
    void stop() throws Exception {
        resource.mayAnswer.release(1_000);
        server.stop();
    }

    private LocalEndPoint ask(String path) {
        return ask("GET", path);
    }

    private LocalEndPoint ask(String method, String path) {
        return connector.executeRequest(method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private List<LocalEndPoint> askMany(int count, String path) {
        return IntStream.range(0, count).mapToObj(i -> ask(path)).toList();
    }

    private static void awaitText(LocalEndPoint client, String wanted) {
        await().atMost(Duration.ofSeconds(10)).until(client::getOutputString, text -> text.contains(wanted));
    }

    @Test
    void requests_beyond_the_limit_wait_without_threads_and_others_pass_them() throws Exception {
        StartQueue queue = start(new StartQueue.Limits(2, 1_000, LONG));
        List<LocalEndPoint> streams = askMany(500, "/stream");
        await().until(() -> queue.waiting() == 498);

        assertThat(resource.held()).isEqualTo(2);
        await().until(() -> threads.getBusyThreads() < 10);
        awaitText(ask("/other"), "done");
        awaitText(ask("POST", "/other"), "done");

        resource.mayAnswer.release(500);
        streams.forEach(stream -> awaitText(stream, "done"));
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void only_get_requests_wait() throws Exception {
        start(new StartQueue.Limits(1, 1_000, LONG));
        List<LocalEndPoint> streams = new ArrayList<>(List.of(ask("/stream")));
        await().until(() -> resource.held() == 1);
        streams.add(ask("OPTIONS", "/stream"));

        await().until(() -> resource.held() == 2);
        resource.mayAnswer.release(2);
        streams.forEach(stream -> awaitText(stream, "done"));
    }

    @Test
    void requests_take_their_turns_in_the_order_of_their_arrival() throws Exception {
        StartQueue queue = start(new StartQueue.Limits(1, 1_000, LONG));
        List<String> paths =
                IntStream.range(0, 20).mapToObj(i -> "/stream/" + i).toList();
        for (int i = 0; i < paths.size(); i++) {
            int before = i;
            ask(paths.get(i));
            await().until(() -> queue.waiting() + resource.held() == before + 1);
        }
        resource.mayAnswer.release(20);

        await().until(() -> resource.arrived.size() == 20);
        assertThat(resource.arrived).containsExactlyElementsOf(paths);
    }

    @Test
    void a_request_that_finds_the_line_full_is_refused_at_once() throws Exception {
        StartQueue queue = start(new StartQueue.Limits(1, 1, LONG));
        List<LocalEndPoint> streams = askMany(2, "/stream");
        await().until(() -> queue.waiting() == 1 && resource.held() == 1);

        awaitText(ask("/stream"), "refused");
        resource.mayAnswer.release(2);
        streams.forEach(stream -> awaitText(stream, "done"));
    }

    @Test
    void a_request_that_has_waited_too_long_is_refused_although_none_before_it_is_done() throws Exception {
        StartQueue queue = start(new StartQueue.Limits(1, 10, Duration.ofMillis(200)));
        LocalEndPoint first = ask("/stream");
        await().until(() -> resource.held() == 1);
        List<LocalEndPoint> streams = askMany(3, "/stream");

        streams.forEach(stream -> awaitText(stream, "refused"));
        assertThat(queue.waiting()).isZero();
        resource.mayAnswer.release(2);
        awaitText(first, "done");
        awaitText(ask("/stream"), "done");
    }

    @Test
    void failures_and_unknown_addresses_give_their_places_back() throws Exception {
        StartQueue queue = start(new StartQueue.Limits(1, 100, LONG));
        List<LocalEndPoint> broken = askMany(5, "/stream/broken");
        List<LocalEndPoint> unknown = askMany(5, "/stream/unknown");
        await().until(() -> queue.waiting() == 9);
        resource.mayAnswer.release(11);

        broken.forEach(client -> awaitText(client, "HTTP/1.1 500"));
        unknown.forEach(client -> awaitText(client, "HTTP/1.1 404"));
        awaitText(ask("/stream"), "done");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void a_client_that_leaves_while_it_waits_takes_no_place() throws Exception {
        StartQueue queue = start(new StartQueue.Limits(1, 100, LONG));
        LocalEndPoint first = ask("/stream");
        await().until(() -> resource.held() == 1);
        LocalEndPoint left = ask("/stream");
        await().until(() -> queue.waiting() == 1);
        left.close();
        LocalEndPoint last = ask("/stream");
        await().until(() -> queue.waiting() == 2);
        resource.mayAnswer.release(3);

        awaitText(first, "done");
        awaitText(last, "done");
    }
}
