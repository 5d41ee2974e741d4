package io.gradwatch.listener.publish;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;

/** One encoded record on its way to Kafka. Immutable: nobody changes the bytes. */
final class Outgoing {
    final Topic topic;
    final byte[] key;
    final byte[] value;
    final long producedAtMillis;

    private Outgoing(Topic topic, Envelope envelope) {
        this.topic = topic;
        this.key = WireFormat.key(envelope.getRunId());
        this.value = WireFormat.encode(envelope);
        this.producedAtMillis = envelope.getProducedAtMs();
    }

    /** Encodes a record for the topic that its kind belongs to. */
    static Outgoing of(Envelope envelope) {
        Topic topic = switch (envelope.getBodyCase()) {
            case RUN_STARTED, RUN_ENDED -> Topic.RUNS;
            case ITERATION -> Topic.ITERATIONS;
            case EPOCH -> Topic.EPOCHS;
            case HISTOGRAMS -> Topic.HISTOGRAMS;
            case ALERT -> Topic.ALERTS;
            case COMMAND, ACKNOWLEDGEMENT, TRAINER_STATE -> Topic.COMMANDS;
            case RUN_ANNOTATION -> Topic.ANNOTATIONS;
            case AUDIT_RECORD -> Topic.AUDIT;
            case BODY_NOT_SET -> throw new IllegalArgumentException("a record without a body");
        };
        return new Outgoing(topic, envelope);
    }
}
