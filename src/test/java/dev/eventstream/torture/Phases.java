package dev.eventstream.torture;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The phases of a run: trouble, calm, over. Waiting ends early when the phase does. Thread-safe. */
final class Phases {
    private final CountDownLatch calm = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    /** Ends the faults: writers stop, readers come back and stay. */
    void calm() {
        calm.countDown();
    }

    void over() {
        calm.countDown();
        over.countDown();
    }

    boolean isCalm() {
        return calm.getCount() == 0;
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    /** Waits; true if calm has come. */
    boolean awaitCalm(long millis) throws InterruptedException {
        return calm.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits; true if all is over. */
    boolean awaitOver(long millis) throws InterruptedException {
        return over.await(millis, TimeUnit.MILLISECONDS);
    }
}
