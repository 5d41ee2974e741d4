package io.gradwatch.telemetry.ingest;

/**
 * What history had of runs before the log was read, when it is made again: their records are not to be taken twice. Called
 * on the thread that reads.
 */
public interface Seeds {
    /** Nothing: every record is new. */
    Seeds NONE = (runId, attempt, topic, partition, offset) -> false;

    /** Whether history has what this record says. */
    boolean cover(String runId, int attempt, String topic, int partition, long offset);
}
