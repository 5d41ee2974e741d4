package io.gradwatch.telemetry.ingest;

import io.gradwatch.contract.v1.RunAnnotation;
import java.util.concurrent.CompletionStage;

/** Writes what people say about runs into the log, from where it comes back into history. Any thread; does not block. */
public interface AnnotationLog {

    /** Where a record is: it is in history as soon as history has read its partition beyond the offset. */
    record Place(String topic, int partition, long offset) {}

    /**
     * Appends one record.
     *
     * @param attempt the run's attempt, 1 or more
     * @return where it is, once the brokers have acknowledged it; fails, after some seconds at most, when they do not:
     *     then it may still be in the log
     */
    CompletionStage<Place> append(String runId, int attempt, RunAnnotation annotation);
}
