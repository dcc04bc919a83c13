package dev.eventstream.example;

import dev.eventstream.store.EventStore;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.store.memory.MemoryTransaction;
import dev.eventstream.store.testing.EventStoreContract;
import java.util.function.Consumer;

/** Shows how the author of a store tests it: with the published contract. */
class StoreContractTest extends EventStoreContract {
    private final MemoryEventStore store = new MemoryEventStore(clock);

    @Override
    protected EventStore store() {
        return store;
    }

    @Override
    protected void inTransaction(Consumer<StoreTransaction> work) {
        try (MemoryTransaction transaction = store.begin()) {
            work.accept(transaction);
            transaction.commit();
        }
    }
}
