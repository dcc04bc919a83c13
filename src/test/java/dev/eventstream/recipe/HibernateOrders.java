package dev.eventstream.recipe;

import dev.eventstream.EventStream;
import dev.eventstream.event.Event;
import io.dropwizard.hibernate.UnitOfWork;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.transaction.Synchronization;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Map;
import org.hibernate.Session;
import org.hibernate.SessionFactory;

/** Stores orders with Hibernate, and sends an event for each in the same transaction. */
@Path("/hibernate-orders")
public record HibernateOrders(SessionFactory sessions, EventStream events) {
    /** A row of {@code shop_order}. */
    @Entity(name = "ShopOrder")
    @Table(name = "shop_order")
    public static class ShopOrder {
        @Id
        @GeneratedValue(strategy = GenerationType.IDENTITY)
        private long id;

        private String item = "";

        public String getItem() {
            return item;
        }
    }

    /** The unit of work is a transaction. It commits after this method, or rolls back if the method throws. */
    @POST
    @UnitOfWork
    public void order(@FormParam("item") String item) {
        ShopOrder order = new ShopOrder();
        order.item = item;
        Session session = sessions.getCurrentSession();
        session.persist(order);
        session.flush(); // so that statements fail here, before the event locks its channel
        Event sent = session.doReturningWork(
                connection -> events.in(connection).send("orders", "ordered", Map.of("item", item)));
        session.getTransaction().registerSynchronization(new Delivery(events, sent));
    }

    /** Reports the end of the transaction, so that readers get the event at once. After a rollback, there is no event. */
    private record Delivery(EventStream events, Event sent) implements Synchronization {
        @Override
        public void beforeCompletion() {}

        @Override
        public void afterCompletion(int status) {
            events.announceCommitted(List.of(sent));
        }
    }
}
