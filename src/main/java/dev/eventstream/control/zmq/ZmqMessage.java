package dev.eventstream.control.zmq;

import dev.eventstream.control.ProxyItem;

/** How an item travels over ZeroMQ: a {@code J}, which says that JSON follows, and the item. Stateless. */
final class ZmqMessage {
    private ZmqMessage() {}

    static byte[] of(ProxyItem item) {
        byte[] json = item.json();
        byte[] message = new byte[1 + json.length];
        message[0] = 'J';
        System.arraycopy(json, 0, message, 1, json.length);
        return message;
    }
}
