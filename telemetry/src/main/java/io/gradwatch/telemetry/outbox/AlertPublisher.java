package io.gradwatch.telemetry.outbox;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.ingest.AlertOutbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends transitions, and sends again what failed, until the brokers have acknowledged them. */
public final class AlertPublisher implements AlertOutbox, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertPublisher.class);
    private static final long RETRY_MS = 1_000;
    private static final long DRAIN_LOOK_MS = 5;
    private static final long SAY_EVERY_NANOS = Duration.ofSeconds(30).toNanos();

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Set<OutboxAlert.Key> underWay = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<OutboxAlert.Key> acknowledged = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread t = new Thread(task, "alerts");
        t.setDaemon(true);
        return t;
    });
    private volatile @Nullable Producer<byte[], byte[]> producer; // made and used by the thread alone
    private long saidAtNanos = System.nanoTime() - SAY_EVERY_NANOS;

    /** Publishes through producers made by {@code producers}; one is made when there is something to send. */
    public AlertPublisher(Supplier<Producer<byte[], byte[]>> producers) {
        this.producers = producers;
    }

    @Override
    public void publish(List<OutboxAlert> transitions) {
        List<OutboxAlert> mine = new ArrayList<>();
        for (OutboxAlert transition : transitions) {
            if (underWay.add(transition.key())) {
                mine.add(transition);
            }
        }
        if (mine.isEmpty()) {
            return;
        }
        try {
            thread.execute(() -> mine.forEach(this::send));
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed; the next start publishes {} transitions", mine.size(), e);
        }
    }

    @Override
    public List<OutboxAlert.Key> takeAcknowledged() {
        List<OutboxAlert.Key> taken = new ArrayList<>();
        for (OutboxAlert.Key key = acknowledged.poll(); key != null; key = acknowledged.poll()) {
            taken.add(key);
        }
        return taken;
    }

    /** Waits until all that was given has been acknowledged; false: that took too long, and the rest is given up. */
    boolean drain(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!underWay.isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(DRAIN_LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean empty = underWay.isEmpty();
        underWay.clear();
        return empty;
    }

    private void send(OutboxAlert transition) {
        if (!underWay.contains(transition.key())) {
            return; // given up meanwhile
        }
        Envelope envelope = Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(transition.runId())
                .setAttempt(transition.attempt())
                .setProducedAtMs(transition.producedAtMs())
                .setAlert(transition.alert())
                .build();
        try {
            Producer<byte[], byte[]> present = producer;
            if (present == null) {
                present = producers.get();
                producer = present;
            }
            var unused = present.send(
                    new ProducerRecord<>(
                            Topic.ALERTS.topicName(), WireFormat.key(transition.runId()), WireFormat.encode(envelope)),
                    (metadata, problem) -> {
                        if (problem == null) {
                            acknowledged.add(transition.key());
                            underWay.remove(transition.key());
                        } else {
                            again(transition, problem);
                        }
                    });
        } catch (RuntimeException e) {
            again(transition, e);
        }
    }

    private void again(OutboxAlert transition, Exception problem) {
        try {
            var unused = thread.schedule(
                    () -> {
                        say(problem);
                        send(transition);
                    },
                    RETRY_MS,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed; the next start publishes {}", transition.key(), e);
        }
    }

    private void say(Exception problem) {
        long now = System.nanoTime();
        if (now - saidAtNanos >= SAY_EVERY_NANOS) {
            saidAtNanos = now;
            LOG.warn("Alerts cannot be published at the moment, trying on: {}", problem.toString());
        }
    }

    /** Sends what is under way, for a second at most; the rest is published after the next start. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(RETRY_MS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Producer<byte[], byte[]> present = producer;
        if (present != null) {
            present.close(Duration.ofMillis(RETRY_MS));
        }
    }
}
