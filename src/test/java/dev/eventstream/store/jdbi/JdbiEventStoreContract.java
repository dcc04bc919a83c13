package dev.eventstream.store.jdbi;

import dev.eventstream.store.EventStore;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.testing.EventStoreContract;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The contract of the store, held by one database. A database is a subclass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JdbiEventStoreContract extends EventStoreContract {
    private final TestDatabase database;
    private final EventStore store;

    JdbiEventStoreContract(TestDatabase database) {
        this.database = database;
        this.store = new JdbiEventStore(database.jdbi(), clock);
    }

    @BeforeAll
    void migrate() {
        database.migrate();
    }

    @BeforeEach
    void clear() {
        database.clear();
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Override
    protected EventStore store() {
        return store;
    }

    @Override
    protected void inTransaction(Consumer<StoreTransaction> work) {
        database.jdbi().useTransaction(handle -> work.accept(new JdbiStoreTransaction(handle)));
    }
}
