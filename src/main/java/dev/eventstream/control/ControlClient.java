package dev.eventstream.control;

import java.util.List;

/**
 * Sends items to one proxy over one transport.
 *
 * <p>Every method returns within the transport's timeouts. Confined to the thread of its lane, which also closes it.
 */
public interface ControlClient extends AutoCloseable {

    /**
     * Sends the items, in this order.
     *
     * @throws ControlException if the proxy did not take all of them; those that it did take may be sent again
     */
    void publish(List<ProxyItem> items) throws ControlException, InterruptedException;

    /**
     * Makes the proxy ask, for every stream that it holds, what that stream missed.
     *
     * @throws ControlException if the proxy did not get the request or does not support it
     */
    void recoverAll() throws ControlException, InterruptedException;

    /**
     * Maintains the connection. Called before each batch and about once a second.
     *
     * @return whether the connection was lost since the last call, so that items sent shortly before may not have arrived
     */
    boolean maintain();

    @Override
    void close();
}
