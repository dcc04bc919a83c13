package dev.eventstream.control.http;

import dev.eventstream.control.ControlClient;
import dev.eventstream.control.ControlException;
import dev.eventstream.control.ProxyItem;
import dev.eventstream.control.http.HttpRequests.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** POSTs batches to a control port, one in each request. Confined to the lane's thread. */
final class HttpControlClient implements ControlClient {
    private static final byte[] BEGIN = "{\"items\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    /** Bytes of a body besides its items and the commas between them. */
    static final int ENVELOPE_BYTES = BEGIN.length + END.length;

    private final HttpRequests requests;

    HttpControlClient(HttpRequests requests) {
        this.requests = requests;
    }

    @Override
    public void publish(List<ProxyItem> items) throws ControlException, InterruptedException {
        check(requests.post("/publish/", body(items)));
    }

    @Override
    public void recoverAll() throws ControlException, InterruptedException {
        Answer answer = requests.post("/recover/", new byte[0]);
        if (answer.status() == 404 || answer.status() == 405) {
            throw new ControlException(ControlException.Reason.UNSUPPORTED, answer.shown());
        }
        check(answer);
    }

    @Override
    public boolean maintain() {
        return false;
    }

    @Override
    public void close() {}

    private static void check(Answer answer) throws ControlException {
        if (answer.isGood()) {
            return;
        }
        throw switch (answer.status()) {
            case 400, 413, 422 -> new ControlException(ControlException.Reason.REFUSED, answer.shown());
            case 401, 403 ->
                new ControlException(
                        ControlException.Reason.DENIED, "does not accept the credentials: it " + answer.shown());
            default -> new ControlException(ControlException.Reason.UNAVAILABLE, answer.shown());
        };
    }

    static byte[] body(List<ProxyItem> items) {
        int length = ENVELOPE_BYTES + items.size() - 1;
        for (ProxyItem item : items) {
            length += item.length();
        }
        byte[] body = new byte[length];
        int to = put(BEGIN, body, 0);
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                body[to++] = ',';
            }
            to = put(items.get(i).json(), body, to);
        }
        put(END, body, to);
        return body;
    }

    private static int put(byte[] part, byte[] body, int to) {
        System.arraycopy(part, 0, body, to, part.length);
        return to + part.length;
    }
}
