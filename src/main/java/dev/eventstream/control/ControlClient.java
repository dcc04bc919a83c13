package dev.eventstream.control;

import java.util.List;

/**
 * Hands items to one proxy, over one transport.
 *
 * <p>Every method returns within the transport's timeouts. Confined to the thread of its lane, which also closes it.
 */
public interface ControlClient extends AutoCloseable {

    /**
     * Hands over the items, in this order.
     *
     * @throws ControlException if the proxy did not take all of them; those that it took it may get again
     */
    void publish(List<ProxyItem> items) throws ControlException, InterruptedException;

    /**
     * Has the proxy ask, for every stream that it holds, what that stream missed.
     *
     * @throws ControlException if it cannot be told so
     */
    void recoverAll() throws ControlException, InterruptedException;

    /**
     * Looks after the connection. Called before each batch and about once a second.
     *
     * @return whether the connection was lost since the last call, so that what was handed over shortly before may not have
     *     arrived
     */
    boolean maintain();

    @Override
    void close();
}
