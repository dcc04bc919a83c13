package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * An HTTP client on a bare socket. It sends exactly what a test writes and keeps every byte it receives. Confined to one
 * thread.
 */
public final class RawHttp implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    public RawHttp(int port) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress("localhost", port), TIMEOUT_MILLIS);
    }

    /** A complete answer. */
    public record Answer(String head, String body) {
        public int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        /** The values of all headers with that name, in order. */
        public List<String> headers(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ": ";
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .toList();
        }

        public String header(String name) {
            return String.join(" | ", headers(name));
        }

        /** Asserts that no stream could be opened, and that the answer has no id, so that the client keeps its position. */
        public void assertIsTemporaryFailure() {
            assertThat(status()).isEqualTo(200);
            assertThat(body.replaceAll("retry: [2-6]\\d{3}\n", "retry: 1234\n")).isEqualTo("""
                            retry: 1234
                            event: stream-error
                            data: {"condition":"internal-error","text":"The service could not begin the stream; the reason is in its log.","channels":[]}

                            """);
        }
    }

    /** Sends a request on a new connection, and asks the service to close it after the answer. */
    public static Answer ask(int port, String method, String target, String... headerLines) throws IOException {
        try (RawHttp client = new RawHttp(port)) {
            client.send(request(method, target, headerLines).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            return client.answer();
        }
    }

    public static Answer get(int port, String target, String... headerLines) throws IOException {
        return ask(port, "GET", target, headerLines);
    }

    /** Posts a body with its length on a new connection. */
    public static Answer post(int port, String target, byte[] body, String... headerLines) throws IOException {
        try (RawHttp client = new RawHttp(port)) {
            client.send(request("POST", target, headerLines)
                    .replace("\r\n\r\n", "\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n"));
            client.send(body);
            return client.answer();
        }
    }

    public static String request(String method, String target, String... headerLines) {
        StringBuilder request = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String line : headerLines) {
            request.append(line).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    /** Sends text as ISO 8859-1, so one byte per character. */
    public RawHttp send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads until the received text contains the wanted text, and returns everything received. */
    public String readUntil(String wanted) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] end = wanted.getBytes(StandardCharsets.UTF_8);
        boolean mayHaveCome = true;
        while (!(mayHaveCome && text().contains(wanted))) {
            int next = read(in, wanted);
            if (next < 0) {
                throw new IOException("ended before " + wanted + " came: " + shortened(text()));
            }
            received.write(next);
            mayHaveCome = (byte) next == end[end.length - 1];
        }
        return text();
    }

    private static String shortened(String text) {
        return text.length() <= 1_000 ? text : text.substring(0, 1_000) + "… " + text.length() + " characters";
    }

    private int read(InputStream in, String wanted) throws IOException {
        try {
            return in.read();
        } catch (SocketTimeoutException e) {
            throw new IOException(wanted + " did not come: " + shortened(text()), e);
        }
    }

    /** Reads until the service closes the connection, and returns everything received. */
    public String readAll() throws IOException {
        socket.getInputStream().transferTo(received);
        return text();
    }

    /** Reads until the service closes the connection, and returns the answer. */
    public Answer answer() throws IOException {
        socket.getInputStream().transferTo(received);
        String all = received.toString(StandardCharsets.ISO_8859_1);
        int end = all.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no whole answer came: " + all);
        }
        String head = all.substring(0, end + 2);
        String body = all.substring(end + 4);
        String plain = head.contains("Transfer-Encoding: chunked") ? withoutChunks(body) : body;
        return new Answer(head, new String(plain.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    private static String withoutChunks(String body) throws IOException {
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (true) {
            int lineEnd = body.indexOf("\r\n", at);
            int length = Integer.parseInt(body.substring(at, lineEnd), 16);
            if (length == 0) {
                if (!body.substring(lineEnd).equals("\r\n\r\n")) {
                    throw new IOException("left over: " + body.substring(lineEnd));
                }
                return plain.toString();
            }
            plain.append(body, lineEnd + 2, lineEnd + 2 + length);
            at = lineEnd + 2 + length + 2;
        }
    }

    private String text() {
        return received.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
