package dev.eventstream.torture;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A GET over a bare socket, whose answer is read as it arrives. Any thread may call {@link #cut}; the rest is confined to one
 * thread.
 */
final class HttpStream implements AutoCloseable {
    private static final int CONNECT_MILLIS = 3_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final int status;
    private final boolean chunked;

    /**
     * Sends the request, and waits for the head of the answer.
     *
     * @param receiveBuffer the size of the kernel's receive buffer in bytes; 0 for the default
     * @param silence after which reading fails
     */
    HttpStream(int port, String path, List<String> headers, int receiveBuffer, Duration silence) throws IOException {
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setSoTimeout((int) silence.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
            headers.forEach(header -> request.append(header).append("\r\n"));
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            in = new BufferedInputStream(socket.getInputStream(), 4096);
            List<String> head = head();
            status = Integer.parseInt(head.get(0).substring(9, 12));
            chunked = head.stream().anyMatch(line -> line.equals("transfer-encoding: chunked"));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * The headers of a request for a stream.
     *
     * @param user empty for an anonymous reader
     * @param lastEventId empty for a reader without a position
     */
    static List<String> headers(String user, String lastEventId) {
        List<String> headers = new ArrayList<>();
        headers.add("Accept: text/event-stream");
        if (!user.isEmpty()) {
            headers.add("Authorization: Bearer token-of-" + user);
        }
        if (!lastEventId.isEmpty()) {
            headers.add("Last-Event-ID: " + lastEventId);
        }
        return headers;
    }

    int status() {
        return status;
    }

    private List<String> head() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.isEmpty() || lines.isEmpty(); line = line()) {
            lines.add(lines.isEmpty() ? line : line.toLowerCase(Locale.ROOT));
        }
        if (lines.get(0).length() < 12) {
            throw new IOException("not an HTTP answer: " + lines.get(0));
        }
        return lines;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("ended in the middle of a line");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** The body, as it arrives. */
    InputStream body() {
        return chunked ? new Chunks() : in;
    }

    /** Resets the connection. */
    void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The chunks of the answer, joined (RFC 9112, 7.1). */
    private final class Chunks extends InputStream {
        private int left;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                left = Integer.parseInt(line().trim(), 16);
                ended = left == 0;
            }
            if (ended) {
                return -1;
            }
            int read = in.read(bytes, offset, Math.min(left, length));
            if (read < 0) {
                throw new IOException("ended in the middle of a chunk");
            }
            left -= read;
            if (left == 0) {
                line();
            }
            return read;
        }
    }
}
