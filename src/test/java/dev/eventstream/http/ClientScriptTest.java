package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.BrowserClient;
import dev.eventstream.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the browser client: where they are served, how they are cached, and how large they are. */
class ClientScriptTest {
    private static final int LARGEST = 5 * 1024;
    private static final String CHECKED = "no-cache";

    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore("clientScript: /js/client.js");

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + SERVER.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/js/client.js", "/eventstream/eventstream.js", "/eventstream/eventstream.mjs"})
    void a_fixed_address_is_checked_on_each_use(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("text/javascript;charset=utf-8");
        assertThat(header(answer, "Cache-Control")).isEqualTo(CHECKED);
        assertThat(answer.body()).contains("EventStreamClient", "//# sourceMappingURL=eventstream.");
        HttpResponse<String> again = get(path, "If-None-Match", header(answer, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eventstream.js",
                "eventstream.mjs",
                "eventstream.js.map",
                "eventstream-tabs.js",
                "eventstream-tabs.mjs.map",
                "reconnecting-eventsource.js",
                "event-source-polyfill.mjs"
            })
    void an_address_that_names_the_content_is_cached_for_a_year(String file) throws Exception {
        HttpResponse<String> answer = get(BrowserClient.path(file));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Cache-Control")).contains("max-age=31536000", "immutable");
        assertThat(answer.body()).isEqualTo(get("/eventstream/" + file).body());
    }

    @Test
    void during_a_deploy_a_page_of_another_version_gets_this_version_and_does_not_keep_it() throws Exception {
        HttpResponse<String> answer = get("/eventstream/0123456789abcdef/eventstream.js");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Cache-Control")).isEqualTo(CHECKED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/js/eventstream.js.map", "/eventstream/eventstream.js.map"})
    void the_source_map_is_beside_the_script_and_has_the_sources(String path) throws Exception {
        HttpResponse<String> map = get(path);

        assertThat(header(map, "Content-Type")).isEqualTo("application/json");
        assertThat(map.body()).contains("client/src/connection.ts", "sourcesContent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/eventstream/", "/eventstream/other.js", "/eventstream/..;/migrations.xml", "/eventstream/a/b/c"
            })
    void nothing_else_is_served(String path) throws Exception {
        assertThat(get(path).statusCode()).isIn(400, 404);
    }

    @ParameterizedTest
    @CsvSource({
        "reconnecting-eventsource, Fanout",
        "event-source-polyfill, Viktor",
    })
    void readers_of_other_projects_name_their_version_and_have_their_licence(String name, String author)
            throws Exception {
        for (String suffix : List.of(".js", ".mjs")) {
            HttpResponse<String> answer = get("/eventstream/" + name + suffix);

            assertThat(header(answer, "Content-Type")).isEqualTo("text/javascript;charset=utf-8");
            assertThat(answer.body())
                    .startsWith("/*! " + name + " 1.")
                    .contains("Copyright (", author, "Permission is hereby granted, free of charge");
        }
    }

    @Test
    void an_unknown_file_has_no_address() {
        assertThatThrownBy(() -> BrowserClient.path("client.js"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the browser client has no file \"client.js\"; it has [eventstream.js, eventstream.js.map,"
                        + " eventstream.mjs, eventstream.mjs.map, eventstream-tabs.js, eventstream-tabs.js.map,"
                        + " eventstream-tabs.mjs, eventstream-tabs.mjs.map, eventstream-adapter.js,"
                        + " eventstream-adapter.js.map, eventstream-adapter.mjs, eventstream-adapter.mjs.map,"
                        + " reconnecting-eventsource.js, reconnecting-eventsource.mjs, event-source-polyfill.js,"
                        + " event-source-polyfill.mjs]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eventstream.js", "eventstream.mjs"})
    void the_script_is_small(String file) throws Exception {
        byte[] script = get("/eventstream/" + file).body().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(compressed, new Deflater(Deflater.BEST_COMPRESSION))) {
            out.write(script);
        }

        assertThat(compressed.size()).isLessThan(LARGEST);
    }
}
