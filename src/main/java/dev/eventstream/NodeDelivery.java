package dev.eventstream;

import com.google.common.base.Ticker;
import dev.eventstream.event.NewEvent;
import dev.eventstream.health.NodeDeliveryHealthCheck;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.subscriber.Fanout;
import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import java.util.List;

/** Assembles the health check that sends events to this node itself, once, at start. */
final class NodeDelivery {
    private static final String TYPE = "delivery-check";

    private NodeDelivery() {}

    static void addCheck(
            Environment environment, Lifecycle lifecycle, Fanout fanout, EventPublisher publisher, Duration limit) {
        String channel = NodeDeliveryHealthCheck.CHANNEL.value();
        environment
                .healthChecks()
                .register(
                        NodeDeliveryHealthCheck.NAME,
                        new NodeDeliveryHealthCheck(
                                mark -> fanout.watch(NodeDeliveryHealthCheck.CHANNEL, mark),
                                mark -> {
                                    List<?> unused = publisher.send(List.of(NewEvent.text(channel, TYPE, mark)));
                                },
                                lifecycle.executor(TYPE, 1),
                                limit,
                                Ticker.systemTicker(),
                                environment.metrics().timer("eventstream.delivery")));
    }
}
