package io.gradwatch.listener.publish;

import io.gradwatch.contract.v1.Envelope;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue between a training thread and Kafka, and the daemon thread that empties it.
 *
 * <p>The run's start is sent first, and acknowledged before anything else goes out. An iteration counts against the
 * capacity from {@link #offer} until the brokers acknowledge it, so the capacity is exactly what an outage can hold:
 * what fits arrives later, in order and once; the rest is dropped and counted. Histograms have an account of their own,
 * so that they never take an iteration's place. The few other records always fit.
 *
 * <p>Any thread may call any method; none of them waits, except {@link #close}.
 */
public final class Publisher {
    /** Iterations waiting may take this many bytes together, however many there may be. */
    static final long MAX_BYTES = 64L << 20;
    /** The same for histograms: a few thousand of a deep network. */
    static final long MAX_HISTOGRAM_BYTES = 16L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final long STEP_NANOS = Duration.ofMillis(5).toNanos();
    /** A broker that starts beside the trainer takes a few seconds. */
    private static final long WORTH_TELLING_NANOS = Duration.ofSeconds(5).toNanos();

    private final Sink.Factory sinks;
    private final Outgoing start;
    private final Duration backoff;
    private final LimitedLog log = new LimitedLog(LOG, System::nanoTime);
    private final ConcurrentLinkedQueue<Outgoing> queue = new ConcurrentLinkedQueue<>();
    private final Account iterations;
    private final Account histograms;
    private final AtomicInteger others = new AtomicInteger();
    private final Thread thread;

    /** Set once, by close: when to give up, in nanoseconds of System.nanoTime, and how to say that the run ended. */
    private volatile @Nullable Closing closing;

    private volatile boolean abandoned;
    private volatile boolean ended;
    private @Nullable Sink sink; // the thread's

    private record Closing(long deadlineNanos, Supplier<Envelope> end) {}

    Publisher(Sink.Factory sinks, Envelope started, int capacity, Duration backoff) {
        this.sinks = sinks;
        this.start = Outgoing.of(started);
        this.iterations = new Account(capacity, MAX_BYTES);
        this.histograms = new Account(capacity, MAX_HISTOGRAM_BYTES);
        this.backoff = backoff;
        this.thread = new Thread(this::run, "gradwatch-publisher");
        thread.setDaemon(true);
    }

    /**
     * Starts a publisher to Kafka.
     *
     * @param properties the producer's, from {@link ProducerSettings}
     * @param started the record of the run's start
     * @param capacity iterations that may wait for their acknowledgement, at least 1
     */
    public static Publisher toKafka(Map<String, Object> properties, Envelope started, int capacity) {
        Publisher publisher = new Publisher(KafkaSink.factory(properties), started, capacity, Duration.ofSeconds(1));
        publisher.start();
        return publisher;
    }

    void start() {
        thread.start();
    }

    /**
     * Takes an iteration, or drops and counts it when the queue is full or the publisher closed.
     *
     * @return whether it was taken
     */
    public boolean offer(Envelope iteration) {
        return offer(iteration, iterations);
    }

    /**
     * Takes histograms, or drops and counts them when too many of them wait or the publisher is closed.
     *
     * @return whether they were taken
     */
    public boolean offerHistograms(Envelope record) {
        return offer(record, histograms);
    }

    private boolean offer(Envelope record, Account account) {
        if (!account.admits(closing == null)) {
            return false;
        }
        Outgoing item = Outgoing.of(record);
        account.queued(item);
        queue.add(item);
        return true;
    }

    /** Counts an iteration that never became a record. */
    public void lost() {
        iterations.admits(false);
    }

    /** Takes a record of another kind, whatever the queue holds; ignored once closed. */
    public void offerAlways(Envelope record) {
        if (closing == null) {
            others.incrementAndGet();
            queue.add(Outgoing.of(record));
        }
    }

    /** Iterations acknowledged so far. */
    public long delivered() {
        return iterations.delivered();
    }

    /** Iterations dropped so far. */
    public long dropped() {
        return iterations.dropped();
    }

    /** Histograms acknowledged so far. */
    public long deliveredHistograms() {
        return histograms.delivered();
    }

    /** Histograms dropped so far. */
    public long droppedHistograms() {
        return histograms.dropped();
    }

    /**
     * Sends what is waiting, then the run's end, then stops. A second call returns the same as the first.
     *
     * @param timeout how long all of it may take
     * @param end makes the record of the run's end, once everything before it is settled
     */
    public Delivery close(Duration timeout, Supplier<Envelope> end) {
        synchronized (this) {
            if (closing == null) {
                closing = new Closing(System.nanoTime() + timeout.toNanos(), end);
            }
        }
        boolean interrupted = false;
        try {
            // the thread looks at the deadline between sends, each of which blocks for a second at most
            thread.join(timeout.toMillis() + 2_000);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (thread.isAlive()) {
            abandoned = true;
            thread.interrupt();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new Delivery(iterations.delivered(), iterations.dropped(), iterations.open(), ended);
    }

    // ---- the thread's part

    private void run() {
        try {
            if (announce()) {
                drain();
                settle();
                sayTheEnd();
            }
        } catch (RuntimeException e) {
            LOG.error("publishing stopped; training goes on without telemetry", e);
        } finally {
            abandoned = true;
            closeSink();
        }
    }

    /** Sends the start until it is acknowledged. */
    private boolean announce() {
        while (!expired()) {
            Receipt receipt = new Receipt();
            if (!send(start, receipt)) {
                return false; // refused for good, or out of time
            }
            while (receipt.pending() && !expired()) {
                pause(STEP_NANOS);
            }
            if (receipt.acknowledged()) {
                return true;
            }
            log.warn("the start of the run was not acknowledged, trying again: " + receipt.failure(), null);
            pause(backoff.toNanos());
        }
        return false;
    }

    /** Looks into the queue every few milliseconds: being woken would cost the training thread a system call. */
    private void drain() {
        while (!expired()) {
            boolean last = closing != null;
            Outgoing item = queue.poll();
            if (item != null) {
                if (!send(item, failure -> settled(item, failure)) && !expired()) {
                    settled(item, new IllegalStateException("refused"));
                }
            } else if (last) {
                return; // nothing was added since it was closed
            } else {
                pause(STEP_NANOS);
            }
        }
    }

    /** Waits until every record taken is acknowledged or has failed. */
    private void settle() {
        while ((!iterations.empty() || !histograms.empty() || others.get() > 0) && !expired()) {
            pause(STEP_NANOS);
            drain(); // what was offered at the moment of closing
        }
    }

    private void sayTheEnd() {
        Closing how = closing;
        if (how == null || expired()) {
            return;
        }
        Receipt receipt = new Receipt();
        if (send(Outgoing.of(how.end().get()), receipt)) {
            while (receipt.pending() && !expired()) {
                pause(STEP_NANOS);
            }
            ended = receipt.acknowledged();
        }
    }

    private void settled(Outgoing item, @Nullable Exception failure) {
        if (failure != null && abandoned) {
            return; // it stays among the undelivered
        }
        switch (item.topic) {
            case ITERATIONS -> iterations.settled(item, failure == null);
            case HISTOGRAMS -> histograms.settled(item, failure == null);
            default -> others.decrementAndGet();
        }
        if (failure != null) {
            log.warn("a record for " + item.topic.topicName() + " was lost: " + failure.getMessage(), null);
        }
    }

    /** Hands a record to the sink, trying until it is taken. False: refused for good, or out of time. */
    private boolean send(Outgoing item, Sink.Completion completion) {
        long since = System.nanoTime();
        while (!expired()) {
            Sink open = opened();
            if (open == null) {
                pause(backoff.toNanos());
                continue;
            }
            switch (open.offer(item, completion)) {
                case TAKEN:
                    return true;
                case REFUSED:
                    log.warn("Kafka refuses a record for " + item.topic.topicName() + ": " + open.problem(), null);
                    return false;
                case BUSY:
                    if (System.nanoTime() - since > WORTH_TELLING_NANOS) {
                        log.warn("Kafka does not answer, records wait: " + open.problem(), null);
                    }
                    pause(STEP_NANOS);
                    break;
                case BROKEN:
                    log.warn("the Kafka producer failed, opening another: " + open.problem(), null);
                    closeSink();
                    pause(backoff.toNanos());
                    break;
            }
        }
        return false;
    }

    private @Nullable Sink opened() {
        if (sink == null) {
            try {
                sink = sinks.open();
            } catch (RuntimeException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                log.warn("no Kafka producer yet, trying again: " + cause.getMessage(), null);
            }
        }
        return sink;
    }

    private void closeSink() {
        Sink open = sink;
        sink = null;
        if (open != null) {
            try {
                open.close(Duration.ZERO);
            } catch (RuntimeException e) {
                log.warn("the Kafka producer did not close cleanly", e);
            }
        }
    }

    private boolean expired() {
        Closing how = closing;
        return abandoned || (how != null && System.nanoTime() - how.deadlineNanos() >= 0);
    }

    private void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !expired(); left = until - System.nanoTime()) {
            java.util.concurrent.locks.LockSupport.parkNanos(this, Math.min(left, 20_000_000L));
            if (Thread.interrupted()) {
                abandoned = true;
            }
        }
    }

    /** Waits for one acknowledgement. */
    private static final class Receipt implements Sink.Completion {
        private volatile boolean done;
        private volatile @Nullable Exception failure;

        @Override
        public void done(@Nullable Exception failure) {
            this.failure = failure;
            done = true;
        }

        boolean pending() {
            return !done;
        }

        boolean acknowledged() {
            return done && failure == null;
        }

        String failure() {
            Exception cause = failure;
            return cause == null ? "no answer" : String.valueOf(cause.getMessage());
        }
    }
}
