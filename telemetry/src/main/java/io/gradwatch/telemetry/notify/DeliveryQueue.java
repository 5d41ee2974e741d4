package io.gradwatch.telemetry.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What one channel is still to be told, and when it is tried next. Pure but for its own state; times are milliseconds since
 * the epoch. Not thread-safe.
 *
 * <p>Transitions of a run that come within the waiting time are one message. A message that failed is tried again as it was,
 * after 1 s, 2 s, 4 s … 60 s, and everything else waits behind it: so each run's transitions arrive in their order.
 */
final class DeliveryQueue {
    /** Transitions in a message. */
    static final int MOST_IN_A_MESSAGE = 50;

    private static final long FIRST_BACKOFF_MS = 1_000;
    private static final long LONGEST_BACKOFF_MS = 60_000;

    private final long groupWaitMs;
    private final long giveUpAfterMs;
    private final Deque<Item> waiting = new ArrayDeque<>();
    private List<Item> message = List.of();
    private int failures;
    private long notBeforeMs;

    DeliveryQueue(Duration groupWait, Duration giveUpAfter) {
        this.groupWaitMs = groupWait.toMillis();
        this.giveUpAfterMs = giveUpAfter.toMillis();
    }

    void add(Item item) {
        waiting.addLast(item);
    }

    /** Items that have not been told, those of a message under way included. */
    int size() {
        return waiting.size() + message.size();
    }

    /** Times that the present message has failed. */
    int failures() {
        return failures;
    }

    /** When there is something to do; {@link Long#MAX_VALUE} while there is nothing. */
    long dueAtMs() {
        if (!message.isEmpty()) {
            return notBeforeMs;
        }
        Item head = waiting.peekFirst();
        return head == null ? Long.MAX_VALUE : Math.max(notBeforeMs, head.queuedAtMs() + groupWaitMs);
    }

    /** The message to send now, all of one run; empty before {@link #dueAtMs}. It stays until its fate is told. */
    List<Item> due(long nowMs) {
        if (nowMs < dueAtMs()) {
            return List.of();
        }
        if (message.isEmpty()) {
            message = take();
        }
        return message;
    }

    private List<Item> take() {
        List<Item> taken = new ArrayList<>();
        String run = waiting.element().notice().runId();
        for (Iterator<Item> all = waiting.iterator(); all.hasNext() && taken.size() < MOST_IN_A_MESSAGE; ) {
            Item item = all.next();
            if (item.notice().runId().equals(run)) {
                taken.add(item);
                all.remove();
            }
        }
        return List.copyOf(taken);
    }

    /** The message has arrived. */
    void succeeded() {
        message = List.of();
        failures = 0;
        notBeforeMs = 0;
    }

    /**
     * The message has not arrived.
     *
     * @param forGood there is no use in trying again
     * @return whether it is given up: then the next one is tried, as after one that arrived
     */
    boolean failed(long nowMs, boolean forGood) {
        if (forGood || nowMs - message.get(0).queuedAtMs() >= giveUpAfterMs) {
            succeeded();
            return true;
        }
        notBeforeMs = nowMs + Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(failures, 10));
        failures++;
        return false;
    }
}
