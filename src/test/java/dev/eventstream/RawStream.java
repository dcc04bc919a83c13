package dev.eventstream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client on a bare socket that reads only when a test asks it to. Confined to one thread. */
public final class RawStream implements AutoCloseable {
    private static final int SMALL_BUFFER = 4096;

    private final Socket socket = new Socket();
    private final InputStream in;

    public RawStream(int port, String path) throws IOException {
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("localhost", port), 10_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        in = new BufferedInputStream(socket.getInputStream(), SMALL_BUFFER);
    }

    /** Reads byte by byte until the text has arrived. Chunk boundaries may split a longer text. */
    public String readUntil(String wanted) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(wanted, Math.max(0, text.length() - wanted.length())) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("ended before " + wanted + " came: " + text);
            }
            text.append((char) c);
        }
        return text.toString();
    }

    /** Reads this number of bytes, or fewer if the stream ends. */
    public int read(int bytes) throws IOException {
        return in.readNBytes(bytes).length;
    }

    /** Reads until the connection ends, and returns the number of bytes. */
    public long drain() throws IOException {
        return in.transferTo(OutputStream.nullOutputStream());
    }

    /** Closes the sending half of the connection only. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
