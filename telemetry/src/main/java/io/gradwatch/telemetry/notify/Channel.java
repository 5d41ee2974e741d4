package io.gradwatch.telemetry.notify;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One channel at work, on a thread of its own. Thread-safe. */
final class Channel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);
    private static final long DISK_RETRY_MS = 5_000;
    private static final long CLOSE_MS = 2_000;

    private final ChannelSettings settings;
    private final Delivery delivery;
    private final Journal journal;
    private final String link;
    private final Clock clock;
    private final Thread thread;
    private final DeliveryQueue queue; // guarded by this, like what follows
    private boolean closed;
    private long delivered;
    private long failed;
    private @Nullable Instant deliveredAt;
    private @Nullable String problem;

    Channel(ChannelSettings settings, Delivery delivery, Journal journal, NotificationSettings all, Clock clock) {
        this.settings = settings;
        this.delivery = delivery;
        this.journal = journal;
        this.link = all.link();
        this.clock = clock;
        this.queue = new DeliveryQueue(all.groupWait(), all.giveUpAfter());
        journal.queued(settings.name()).forEach(queue::add);
        thread = new Thread(this::work, "notify-" + settings.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    ChannelSettings settings() {
        return settings;
    }

    synchronized void add(List<Item> items) {
        items.forEach(queue::add);
        notifyAll();
    }

    synchronized ChannelStatus status() {
        long due = queue.failures() == 0 ? Long.MAX_VALUE : queue.dueAtMs();
        return new ChannelStatus(
                settings,
                queue.size(),
                delivered,
                failed,
                deliveredAt,
                problem,
                due == Long.MAX_VALUE ? null : Instant.ofEpochMilli(due));
    }

    /** Sends a message of no alert, at once; the caller waits. */
    void test() throws DeliveryException, InterruptedException {
        synchronized (delivery) {
            delivery.send(new Message(settings.name(), List.of(), link, clock.instant()));
        }
    }

    private void work() {
        try {
            while (true) {
                List<Item> message = next();
                if (message.isEmpty()) {
                    return;
                }
                String why = null;
                boolean forGood = false;
                try {
                    List<Notice> notices = message.stream().map(Item::notice).toList();
                    synchronized (delivery) {
                        delivery.send(new Message(settings.name(), notices, link, clock.instant()));
                    }
                } catch (DeliveryException e) {
                    why = String.valueOf(e.getMessage());
                    forGood = e.forGood();
                } catch (RuntimeException e) {
                    LOG.error("Channel {} failed", settings, e);
                    why = e.toString();
                }
                told(message, why, forGood);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next message, when its time has come; empty when there is to be none any more. */
    private synchronized List<Item> next() throws InterruptedException {
        while (!closed) {
            long now = clock.millis();
            List<Item> message = queue.due(now);
            if (!message.isEmpty()) {
                return message;
            }
            long wait = queue.dueAtMs() - now;
            wait(Math.min(Math.max(1, wait), Duration.ofMinutes(1).toMillis()));
        }
        return List.of();
    }

    private void told(List<Item> message, @Nullable String why, boolean forGood) throws InterruptedException {
        List<Long> numbers = message.stream().map(Item::number).toList();
        boolean givenUp;
        synchronized (this) {
            if (why == null) {
                queue.succeeded();
                delivered += message.size();
                deliveredAt = clock.instant();
                problem = null;
                givenUp = false;
            } else {
                if (queue.failures() == 0) {
                    LOG.warn("Channel {}: {}", settings, why);
                }
                problem = why;
                givenUp = queue.failed(clock.millis(), forGood);
                failed += givenUp ? message.size() : 0;
            }
        }
        if (givenUp) {
            LOG.error(
                    "Channel {} was not told of {}: {}",
                    settings,
                    message.stream().map(item -> item.notice().key()).toList(),
                    why);
        }
        while (why == null || givenUp) {
            try {
                if (why == null) {
                    journal.done(numbers);
                } else {
                    journal.failed(numbers, why);
                }
                return;
            } catch (IOException e) {
                LOG.warn("The journal of notifications cannot be written: {}", e.toString());
                Thread.sleep(DISK_RETRY_MS);
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(CLOSE_MS);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(CLOSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delivery.close();
    }
}
