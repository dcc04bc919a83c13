package dev.eventstream.store.jdbi;

/** H2 in memory, as in an application's tests. */
class H2MemoryEventStoreTest extends JdbiEventStoreContract {
    H2MemoryEventStoreTest() {
        super(new TestDatabase(TestDatabase.h2InMemory(), "sa", ""));
    }
}
