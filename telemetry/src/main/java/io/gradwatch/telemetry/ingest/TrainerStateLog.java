package io.gradwatch.telemetry.ingest;

import io.gradwatch.contract.v1.TrainerState;

/** Writes into the log that a run is silent, or is heard of again. Any thread; does not block, and does not throw. */
public interface TrainerStateLog {
    /** Nobody writes. */
    TrainerStateLog NONE = (runId, attempt, state) -> {};

    /** Appends one record, if Kafka takes it within some seconds; else it is asked for again later. */
    void append(String runId, int attempt, TrainerState state);
}
