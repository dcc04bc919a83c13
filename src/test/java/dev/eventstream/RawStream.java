package dev.eventstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client on a bare socket, which reads only when it is told to. Confined to one thread. */
final class RawStream implements AutoCloseable {
    private static final int SMALL_BUFFER = 4096;

    private final Socket socket = new Socket();

    RawStream(int port, String path) throws IOException {
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("localhost", port), 10_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads, byte by byte, until the text has come; the answer's framing is in the way of longer ones. */
    String readUntil(String wanted) throws IOException {
        StringBuilder text = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (text.indexOf(wanted, Math.max(0, text.length() - wanted.length())) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("ended before " + wanted + " came: " + text);
            }
            text.append((char) c);
        }
        return text.toString();
    }

    /** Reads what is there until the connection ends; the number of bytes. */
    long drain() throws IOException {
        return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** Says that it will send no more, and goes on to listen. */
    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
