package dev.eventstream.admin;

import com.codahale.metrics.Meter;
import dev.eventstream.admin.action.ChannelTrim;
import dev.eventstream.admin.action.TrimRequest;
import dev.eventstream.store.EventStore;
import io.dropwizard.servlets.tasks.Task;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Removes events of a channel at once: {@code POST /tasks/eventstream-trim?channel=orders&keep=1000}, or
 * {@code &before=2026-11-24T05:00:00Z}. Readers whose position is removed get {@code stream-reset}.
 *
 * <p>Answers with the number of removed events. It works in bounded transactions, oldest events first, so a failure half way
 * leaves a shorter log. Each run is logged at INFO with its client and the number of events.
 *
 * <p>Thread-safe.
 */
public final class TrimTask extends Task {
    /** Last part of its path. */
    static final String NAME = "eventstream-trim";

    /** Key in the MDC of the client that asked for the trim; the filter in front sets it. */
    static final String CLIENT = "eventstream-client";

    private static final Logger LOGGER = LoggerFactory.getLogger(TrimTask.class);

    private final EventStore store;
    private final Meter trimmed;

    /** @param trimmed counts the events that are removed */
    public TrimTask(EventStore store, Meter trimmed) {
        super(NAME);
        this.store = store;
        this.trimmed = trimmed;
    }

    @Override
    public void execute(Map<String, List<String>> parameters, PrintWriter output) {
        TrimRequest request = TrimRequest.parse(parameters);
        ChannelTrim trim = new ChannelTrim(store, trimmed, request.channel(), request.limit());
        try {
            trim.run();
        } finally {
            LOGGER.info(
                    "{} trimmed channel={} to {}: {} events removed{}",
                    MDC.get(CLIENT),
                    request.channel(),
                    request.text(),
                    trim.removed(),
                    trim.isDone() ? "" : ", then it failed");
        }
        output.println("Trimmed " + trim.removed() + " events of channel \"" + request.channel() + '"');
    }
}
