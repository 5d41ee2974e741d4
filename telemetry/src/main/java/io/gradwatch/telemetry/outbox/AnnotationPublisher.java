package io.gradwatch.telemetry.outbox;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.ingest.AnnotationLog;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;

/** Sends annotations on a thread of its own, in the order in which they come, each once: whoever asks is told if it fails. */
public final class AnnotationPublisher implements AnnotationLog, AutoCloseable {
    private final EnvelopeSender sender;
    private final Clock clock;

    /** Publishes through a producer made by {@code producers} when there is something to send. */
    public AnnotationPublisher(Supplier<Producer<byte[], byte[]>> producers, Clock clock) {
        this.sender = new EnvelopeSender(Topic.ANNOTATIONS, "annotations", producers);
        this.clock = clock;
    }

    @Override
    public CompletionStage<Place> append(String runId, int attempt, RunAnnotation annotation) {
        return sender.send(Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(attempt)
                .setProducedAtMs(clock.millis())
                .setRunAnnotation(annotation)
                .build());
    }

    /** Sends what is under way, for half a second at most. */
    @Override
    public void close() {
        sender.close();
    }
}
