package dev.eventstream.torture;

import dev.eventstream.EventStream;
import dev.eventstream.TransactionalEventStream;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.jdbi.JdbiEventStore;
import dev.eventstream.torture.Send.Answer;
import dev.eventstream.torture.Send.Outcome;
import dev.eventstream.torture.Send.Way;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands of the coordinator to a node. Thread-safe. */
@Path("/torture")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public final class TortureResource {
    private static final Logger LOGGER = LoggerFactory.getLogger(TortureResource.class);
    private static final int TRIM_BATCH = 1_000;

    private final EventStream events;
    private final Jdbi jdbi;

    TortureResource(EventStream events, Jdbi jdbi) {
        this.events = events;
        this.jdbi = jdbi;
    }

    /** Runs a transaction. */
    @POST
    @Path("/send")
    public Answer send(Send send, @QueryParam("holdMillis") long holdMillis) {
        if (send.way() == Way.ALONE) {
            try {
                return committed(alone(send.events()));
            } catch (ChannelFinishedException e) {
                return new Answer(Outcome.FINISHED, List.of());
            } catch (EventStoreException e) {
                LOGGER.warn("Not sent", e);
                return new Answer(
                        e.outcome() == EventStoreException.Outcome.NOT_STORED ? Outcome.ROLLED_BACK : Outcome.UNKNOWN,
                        List.of());
            }
        }
        return inTransaction(send, holdMillis);
    }

    /** The events, without the end of a channel. */
    private List<Event> alone(List<Send.One> all) {
        if (!all.get(all.size() - 1).ends()) {
            return events.sendAll(newEvents(all));
        }
        if (all.size() > 1) {
            return List.of(events.finish(newEvents(all).get(0)));
        }
        events.finish(all.get(0).channel());
        return List.of();
    }

    private static List<Event> within(TransactionalEventStream transaction, List<Send.One> all) {
        if (!all.get(all.size() - 1).ends()) {
            return transaction.sendAll(newEvents(all));
        }
        if (all.size() > 1) {
            return List.of(transaction.finish(newEvents(all).get(0)));
        }
        transaction.finish(all.get(0).channel());
        return List.of();
    }

    private Answer inTransaction(Send send, long holdMillis) {
        AtomicBoolean committing = new AtomicBoolean();
        List<Event> sent = new ArrayList<>();
        try {
            jdbi.useTransaction(handle -> {
                run(send, handle, sent);
                hold(holdMillis);
                end(send.way());
                committing.set(true);
            });
        } catch (RolledBackException e) {
            return new Answer(Outcome.ROLLED_BACK, List.of());
        } catch (ChannelFinishedException e) {
            return new Answer(Outcome.FINISHED, List.of());
        } catch (JdbiException | EventStoreException e) {
            LOGGER.warn("Not sent", e);
            return new Answer(committing.get() ? Outcome.UNKNOWN : Outcome.ROLLED_BACK, List.of());
        }
        if (send.way() == Way.DIE_AFTER_COMMIT) {
            Runtime.getRuntime().halt(Node.KILLED);
        }
        return committed(sent);
    }

    // acts as an application that does something slow before it commits
    private static void hold(long millis) {
        try {
            boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Send send, Handle handle, List<Event> sent) {
        if (send.way() == Way.SAVEPOINT) {
            sent.addAll(events.in(handle).sendAll(newEvents(send.events().subList(0, send.kept()))));
            handle.savepoint("before_the_rest");
            announceEarly(events.in(handle)
                    .sendAll(newEvents(
                            send.events().subList(send.kept(), send.events().size()))));
            handle.rollbackToSavepoint("before_the_rest");
            return;
        }
        sent.addAll(within(events.in(handle), send.events()));
        announceEarly(sent);
    }

    private static void end(Way way) {
        if (way == Way.ROLLBACK) {
            throw new RolledBackException();
        }
        if (way == Way.DIE_BEFORE_COMMIT) {
            Runtime.getRuntime().halt(Node.KILLED);
        }
    }

    private void announceEarly(List<Event> uncommitted) {
        if (Bug.planted() == Bug.DELIVER_BEFORE_COMMIT) {
            PlantedCode.announce(uncommitted);
        }
    }

    private static List<NewEvent> newEvents(List<Send.One> events) {
        return events.stream()
                .map(one -> {
                    if (one.ends()) {
                        return NewEvent.end(new ChannelName(one.channel()));
                    }
                    NewEvent event =
                            NewEvent.text(one.channel(), Token.parse(one.data()).type(), one.data());
                    NewEvent skipping = one.skip().isEmpty() ? event : event.skippingUser(one.skip());
                    return one.key().isEmpty() ? skipping : skipping.withIdempotencyKey(one.key());
                })
                .toList();
    }

    private static Answer committed(List<Event> sent) {
        return new Answer(
                Outcome.COMMITTED,
                sent.stream()
                        .map(event -> event.isStored() ? event.id().toString() : "")
                        .toList());
    }

    /** Trims older events, as the product's retention would. */
    @POST
    @Path("/trim")
    public void trim(@QueryParam("olderThanMillis") long millis) {
        Clock clock = Clock.systemUTC();
        EventStore store = new JdbiEventStore(jdbi, clock, false);
        while (store.trim(clock.instant().minusMillis(millis), TRIM_BATCH) == TRIM_BATCH) {
            LOGGER.info("Trimmed {} events, and there are more", TRIM_BATCH);
        }
    }

    /** Loses announcements for a while, like a process that is killed between a commit and its announcement. */
    @POST
    @Path("/drop-announcements")
    public void dropAnnouncements(@QueryParam("millis") long millis) {
        PlantedCode.dropAnnouncements(millis);
    }

    /** Makes the next loop that comes to the place throw an Error, once. */
    @POST
    @Path("/throw-error")
    public void throwError(@QueryParam("place") String place, @QueryParam("memory") boolean isMemory) {
        PlantedCode.throwOnce(place, isMemory);
    }

    /** Reports to the product that the file of revoked permissions has changed. */
    @POST
    @Path("/permission-changed")
    public void permissionChanged(@QueryParam("user") String user, @QueryParam("channel") String channel) {
        events.channelPermissionChanged(user, channel);
    }

    private static final class RolledBackException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
