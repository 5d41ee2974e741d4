package io.gradwatch.telemetry.republish;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Envelope;

/**
 * A record that is to be sent again.
 *
 * @param topic where it was, or would have been
 * @param value its bytes as they were in the log; of a record that only history has, as they would be written today
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record Stored(Topic topic, Envelope envelope, byte[] value) {
    static Stored of(Topic topic, byte[] value) throws InvalidProtocolBufferException {
        return new Stored(topic, Envelope.parseFrom(value), value);
    }

    static Stored of(Topic topic, Envelope envelope) {
        return new Stored(topic, envelope, envelope.toByteArray());
    }

    /** The iteration that it belongs to; -1 for the start and the end of a run. */
    long iteration() {
        return switch (envelope.getBodyCase()) {
            case ITERATION -> envelope.getIteration().getIteration();
            case EPOCH -> envelope.getEpoch().getIteration();
            case HISTOGRAMS -> envelope.getHistograms().getIteration();
            default -> -1;
        };
    }

    /** Of records made in the same millisecond: what a trainer sends first. */
    int rank() {
        return switch (envelope.getBodyCase()) {
            case RUN_STARTED -> 0;
            case ITERATION -> 1;
            case HISTOGRAMS -> 2;
            case EPOCH -> 3;
            default -> 4;
        };
    }

    /** What makes it the same record as another of its topic. */
    String identity() {
        return envelope.getAttempt() + "/"
                + (envelope.hasEpoch()
                        ? Integer.toUnsignedLong(envelope.getEpoch().getEpoch())
                        : iteration());
    }
}
