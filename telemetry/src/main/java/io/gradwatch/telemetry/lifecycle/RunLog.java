package io.gradwatch.telemetry.lifecycle;

import io.gradwatch.contract.v1.RunAnnotation;

/** The log, as far as runs are ended with it. Methods block, and throw RuntimeException when Kafka refuses or is away. */
interface RunLog {
    /** Whether nobody needs this record any more. */
    interface Droppable {
        boolean test(String runId, String topic, int partition, long offset);
    }

    /**
     * What a trimming did.
     *
     * @param records that were deleted: the beginning of each partition up to the first record that is needed
     * @param needed partitions that go on with a record that is needed, or not read yet
     */
    record Trimmed(long records, int needed) {}

    /** Says something about a run, for all readers of the log; returns when the brokers have it. */
    void annotate(String runId, int attempt, RunAnnotation annotation);

    /** Takes the run's description out of its topic; returns when the brokers have that. */
    void forget(String runId);

    /** Deletes the records at the beginning of every partition that nobody needs. */
    Trimmed trim(Droppable droppable);
}
