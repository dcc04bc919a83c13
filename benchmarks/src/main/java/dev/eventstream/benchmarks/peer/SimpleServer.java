package dev.eventstream.benchmarks.peer;

import dev.eventstream.benchmarks.load.PublishRequest;

/** One process on one port, with a path for streams and one for events, whose query names the channel. */
class SimpleServer implements Server {
    private final ServerProcess process;
    private final int port;

    SimpleServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    @Override
    public final int port() {
        return port;
    }

    @Override
    public String streamHead(String channel) {
        return "GET /events?channel=" + channel + " HTTP/1.1\n";
    }

    @Override
    public PublishRequest publishRequest(String channel, int dataLength) {
        return PublishRequest.post(
                "POST /publish?channel=" + channel + " HTTP/1.1\nContent-Type: text/plain\n",
                PublishRequest.data(dataLength));
    }

    @Override
    public final Usage usage() {
        return process.usage();
    }

    @Override
    public final void close() {
        process.close();
    }
}
