package dev.eventstream.recipe;

import static org.jdbi.v3.core.transaction.TransactionIsolationLevel.REPEATABLE_READ;

import dev.eventstream.EventStream;
import dev.eventstream.StreamLink;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

/** The orders, with a link to the stream that continues from them. */
@Path("/orders")
public record OrderList(Jdbi jdbi, EventStream eventStream) {
    /** A row of {@code shop_order}. */
    public record Order(long id, String item) {}

    /** Reads {@code shop_order}. */
    public interface OrderDao {
        @SqlQuery("SELECT id, item FROM shop_order ORDER BY id")
        @RegisterConstructorMapper(Order.class)
        List<Order> all();
    }

    @GET
    public Response orders() {
        return jdbi.inTransaction(REPEATABLE_READ, handle -> {
            List<Order> orders = handle.attach(OrderDao.class).all();
            String position = eventStream.in(handle).currentEventId("orders");
            return StreamLink.to(URI.create("/events"), position, "orders")
                    .addTo(Response.ok(orders))
                    .build();
        });
    }
}
