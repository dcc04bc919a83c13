package dev.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.eventstream.event.NewEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sends the requests in docs/PROTOCOL.md to a service, in their order, and compares its answers with those on the page. */
class ProtocolTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static final Pattern BLOCK = Pattern.compile("```http\n(.*?)```", Pattern.DOTALL);
    private static final Pattern EPOCH = Pattern.compile("(?<![a-z0-9])[a-z0-9]{6}(?=-[0-9])");
    private static final Pattern RETRY = Pattern.compile("(?<=retry: )[0-9]+");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The epochs of the service, by those on the page. */
    private final Map<String, String> epochs = new HashMap<>();

    /** A request or an answer on the page. */
    private record Block(String first, List<String> headers, String body) {
        static Block of(String text) {
            int headEnd = text.indexOf("\n\n");
            List<String> head = text.substring(0, headEnd < 0 ? text.length() : headEnd)
                    .lines()
                    .toList();
            return new Block(head.get(0), head.subList(1, head.size()), headEnd < 0 ? "" : text.substring(headEnd + 2));
        }

        String word(int index) {
            return Splitter.on(' ').splitToList(first).get(index);
        }

        /** Whether it is the beginning of a stream that stays open. */
        boolean isOpenStream() {
            return body.contains("stream-open") && !body.contains("stream-end");
        }
    }

    @Test
    @Timeout(60)
    void the_page_shows_what_the_service_answers() throws Exception {
        SERVER.events().send(NewEvent.text("job-7", "progress", "{\"rows\":100}"));
        SERVER.events().finish(NewEvent.text("job-7", "done", "{\"rows\":200}"));
        List<Block> blocks = BLOCK.matcher(Files.readString(Path.of("docs/PROTOCOL.md"), UTF_8))
                .results()
                .map(match -> Block.of(match.group(1)))
                .toList();
        assertThat(blocks).hasSize(24);

        Iterator<Block> next = blocks.iterator();
        while (next.hasNext()) {
            compare(next.next(), next.next());
        }
    }

    private void compare(Block request, Block answer) throws Exception {
        HttpResponse<InputStream> received = client.send(toSend(request), BodyHandlers.ofInputStream());

        assertThat(received.statusCode()).as(request.first()).isEqualTo(Integer.parseInt(answer.word(1)));
        for (String header : answer.headers()) {
            int colon = header.indexOf(':');
            assertThat(String.join(", ", received.headers().allValues(header.substring(0, colon))))
                    .as(request.first() + ", " + header)
                    .startsWith(header.substring(colon + 2));
        }
        try (BufferedReader body = new BufferedReader(new InputStreamReader(received.body(), UTF_8))) {
            compare(request.first(), answer, body);
        }
    }

    private void compare(String request, Block answer, BufferedReader received) throws IOException {
        for (String shown : answer.body().lines().toList()) {
            String line = requireNonNull(received.readLine(), () -> request + " ended before " + shown);
            learnEpochs(shown, line);
            assertThat(RETRY.matcher(line).replaceAll("N"))
                    .as(request)
                    .isEqualTo(RETRY.matcher(inService(shown)).replaceAll("N"));
        }
        if (!answer.isOpenStream()) {
            assertThat(received.readLine()).as(request).isNull();
        }
    }

    private void learnEpochs(String shown, String received) {
        Iterator<MatchResult> real = EPOCH.matcher(received).results().iterator();
        EPOCH.matcher(shown).results().takeWhile(match -> real.hasNext()).forEach(match -> {
            String unused = epochs.putIfAbsent(match.group(), real.next().group());
        });
    }

    private HttpRequest toSend(Block request) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + SERVER.port() + inService(request.word(1))))
                .timeout(Duration.ofSeconds(20))
                .method(
                        request.word(0),
                        request.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()));
        for (String header : request.headers()) {
            int colon = header.indexOf(':');
            builder.header(header.substring(0, colon), inService(header.substring(colon + 2)));
        }
        return builder.build();
    }

    /** The text with the epochs of the service. */
    private String inService(String text) {
        return EPOCH.matcher(text)
                .replaceAll(
                        match -> Optional.ofNullable(epochs.get(match.group())).orElse(match.group()));
    }
}
