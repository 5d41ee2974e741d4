package io.gradwatch.listener.publish;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where every record of one kind is: waiting for its acknowledgement, delivered or dropped; and how many may wait. Safe
 * for any thread.
 */
final class Account {
    private final int capacity;
    private final long maxBytes;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    /**
     * @param capacity records that may wait
     * @param maxBytes that they may take together; the last one may exceed it
     */
    Account(int capacity, long maxBytes) {
        this.capacity = capacity;
        this.maxBytes = maxBytes;
    }

    /** Counts a record; true if there is room for it, otherwise it is dropped. */
    boolean admits(boolean open) {
        offered.incrementAndGet();
        if (!open || waiting.get() >= capacity || waitingBytes.get() >= maxBytes) {
            dropped.incrementAndGet();
            return false;
        }
        return true;
    }

    /** An admitted record waits from now on. */
    void queued(Outgoing item) {
        waiting.incrementAndGet();
        waitingBytes.addAndGet(item.value.length);
    }

    /** A record no longer waits. */
    void settled(Outgoing item, boolean acknowledged) {
        (acknowledged ? delivered : dropped).incrementAndGet();
        waitingBytes.addAndGet(-item.value.length);
        waiting.decrementAndGet();
    }

    boolean empty() {
        return waiting.get() == 0;
    }

    long delivered() {
        return delivered.get();
    }

    long dropped() {
        return dropped.get();
    }

    /** Neither delivered nor dropped. */
    long open() {
        return Math.max(0, offered.get() - delivered.get() - dropped.get());
    }
}
