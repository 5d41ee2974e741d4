package io.gradwatch.telemetry.outbox;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.telemetry.ingest.AnnotationLog.Place;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Sends records to one topic on a thread of its own, in the order in which they come, each once: whoever asks is told. */
final class EnvelopeSender implements AutoCloseable {
    private static final long CLOSE_MS = 500;

    private final Topic topic;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final ExecutorService thread;
    private volatile @Nullable Producer<byte[], byte[]> producer; // made and used by the thread alone

    /** @param producers makes one when there is something to send */
    EnvelopeSender(Topic topic, String threadName, Supplier<Producer<byte[], byte[]>> producers) {
        this.topic = topic;
        this.producers = producers;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread t = new Thread(task, threadName);
            t.setDaemon(true);
            return t;
        });
    }

    /** Completes when the brokers have acknowledged the record. */
    CompletableFuture<Place> send(Envelope envelope) {
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
                    topic.topicName(), WireFormat.key(envelope.getRunId()), WireFormat.encode(envelope));
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
