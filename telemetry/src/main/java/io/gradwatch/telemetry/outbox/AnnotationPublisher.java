package io.gradwatch.telemetry.outbox;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.ingest.AnnotationLog;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Sends annotations on a thread of its own, in the order in which they come, each once: whoever asks is told if it fails. */
public final class AnnotationPublisher implements AnnotationLog, AutoCloseable {
    private static final long CLOSE_MS = 500;

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Clock clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread t = new Thread(task, "annotations");
        t.setDaemon(true);
        return t;
    });
    private volatile @Nullable Producer<byte[], byte[]> producer; // made and used by the thread alone

    /** Publishes through a producer made by {@code producers} when there is something to send. */
    public AnnotationPublisher(Supplier<Producer<byte[], byte[]>> producers, Clock clock) {
        this.producers = producers;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Place> append(String runId, int attempt, RunAnnotation annotation) {
        Envelope envelope = Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(attempt)
                .setProducedAtMs(clock.millis())
                .setRunAnnotation(annotation)
                .build();
        CompletableFuture<Place> done = new CompletableFuture<>();
        try {
            thread.execute(() -> send(envelope, done));
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(e);
        }
        return done;
    }

    private void send(Envelope envelope, CompletableFuture<Place> done) {
        try {
            Producer<byte[], byte[]> present = producer;
            if (present == null) {
                present = producers.get();
                producer = present;
            }
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    Topic.ANNOTATIONS.topicName(), WireFormat.key(envelope.getRunId()), WireFormat.encode(envelope));
            var unused = present.send(record, (metadata, problem) -> {
                if (problem == null) {
                    done.complete(new Place(metadata.topic(), metadata.partition(), metadata.offset()));
                } else {
                    done.completeExceptionally(problem);
                }
            });
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    /** Sends what is under way, for half a second at most. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Producer<byte[], byte[]> present = producer;
        if (present != null) {
            present.close(Duration.ofMillis(CLOSE_MS));
        }
    }
}
