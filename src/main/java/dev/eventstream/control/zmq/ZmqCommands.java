package dev.eventstream.control.zmq;

import dev.eventstream.control.ControlException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Pushpin's command socket. Each command opens a new socket, because a REQ socket without an answer cannot be used again.
 *
 * <p>Thread-safe.
 */
final class ZmqCommands {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    // jeromq leaves one or two of a hundred connections half open; after this time it connects again, within the
    // timeout
    private static final Duration HANDSHAKE = Duration.ofMillis(500);

    private static final String ID = "eventstream";

    private final URI address;

    ZmqCommands(URI address) {
        this.address = address;
    }

    /** Asks Pushpin for its addresses. It answers only if it works, and the command changes nothing. */
    void ask() throws ControlException {
        call("get-zmq-uris");
    }

    /** Makes Pushpin ask the origin for what each of its streams missed. */
    void recover() throws ControlException {
        call("recover");
    }

    private void call(String method) throws ControlException {
        Map<String, Tnetstring> answer = Tnetstring.parse(exchange(request(method)))
                .flatMap(Tnetstring::dictionary)
                .orElseThrow(() -> new ControlException(
                        ControlException.Reason.UNAVAILABLE, "answers the command " + method + " with something else"));
        if (!answer.getOrDefault("success", Tnetstring.NOTHING).isTrue()) {
            throw new ControlException(ControlException.Reason.UNSUPPORTED, "refuses the command " + method);
        }
    }

    private static byte[] request(String method) {
        return Tnetstring.dictionary(Map.of(
                        "id", Tnetstring.text(ID),
                        "method", Tnetstring.text(method),
                        "args", Tnetstring.dictionary(Map.of())))
                .encoded();
    }

    private byte[] exchange(byte[] request) throws ControlException {
        try (ZContext context = new ZContext()) {
            context.setLinger(0);
            ZMQ.Socket socket = context.createSocket(SocketType.REQ);
            socket.setSendTimeOut((int) TIMEOUT.toMillis());
            socket.setReceiveTimeOut((int) TIMEOUT.toMillis());
            socket.setHandshakeIvl((int) HANDSHAKE.toMillis());
            socket.connect(address.toString());
            socket.send(request);
            byte[] answer = socket.recv();
            if (answer == null) {
                throw new ControlException(
                        ControlException.Reason.UNAVAILABLE,
                        "does not answer commands at " + address + " within " + TIMEOUT.toMillis() + " ms");
            }
            return answer;
        } catch (ZMQException e) {
            throw new ControlException(
                    ControlException.Reason.UNAVAILABLE,
                    "cannot be sent commands at " + address + ": " + e.getMessage(),
                    e);
        }
    }
}
