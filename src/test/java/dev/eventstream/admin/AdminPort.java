package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** The admin pages of a service, as an operator or a program asks for them. Immutable. */
record AdminPort(IntSupplier port) {
    private static final ObjectMapper JSON = new ObjectMapper();

    AdminPort(TestServer server) {
        this(server::adminPort);
    }

    RawHttp.Answer get(String page, String... headerLines) throws IOException {
        return RawHttp.get(port.getAsInt(), "/eventstream/" + page, headerLines);
    }

    /** A page as JSON; names and values of parameters alternate. */
    JsonNode json(String page, String... parameters) throws IOException {
        RawHttp.Answer answer = get(page + ".json?" + encoded(parameters));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json;charset=utf-8");
        return JSON.readTree(answer.body());
    }

    /** Posts to the actions; names and values of fields alternate. */
    RawHttp.Answer post(List<String> headerLines, String... fields) throws IOException {
        List<String> headers = new ArrayList<>(headerLines);
        headers.add("Content-Type: application/x-www-form-urlencoded");
        return RawHttp.post(
                port.getAsInt(),
                "/eventstream/actions",
                encoded(fields).getBytes(StandardCharsets.US_ASCII),
                headers.toArray(String[]::new));
    }

    static String encoded(String... namesAndValues) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.append(i == 0 ? "" : "&")
                    .append(namesAndValues[i])
                    .append('=')
                    .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
        }
        return query.toString();
    }

    /** The row of a table whose first value is the given one. */
    static JsonNode row(JsonNode table, String first) {
        for (JsonNode row : table.get("rows")) {
            if (row.elements().next().asText().equals(first)) {
                return row;
            }
        }
        throw new AssertionError("no row begins with " + first + ": " + table);
    }

    /** The values of a column. */
    static List<String> column(JsonNode table, String key) {
        List<String> values = new ArrayList<>();
        table.get("rows").forEach(row -> values.add(row.get(key).asText()));
        return values;
    }
}
