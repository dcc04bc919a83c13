package dev.eventstream.control.zmq;

import dev.eventstream.control.ProxyItem;

/** The ZeroMQ message of an item: a {@code J}, which announces JSON, and the item. Stateless. */
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
