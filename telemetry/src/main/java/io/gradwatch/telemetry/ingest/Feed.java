package io.gradwatch.telemetry.ingest;

import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.List;
import java.util.Set;

/** Whoever watches live. Called on the ingest thread; must not block, and must not throw. */
public interface Feed {

    /** Iterations just read, in the order of the log for every run, before they are in history; never empty. After a failure some may come again. */
    void iterations(List<IterationRecord> records);

    /** Something else has changed and is in history now. */
    void committed(Changes changes);

    /**
     * What one commit changed.
     *
     * @param runs every run of which anything was read, as it is now
     * @param epochs epochs that ended
     * @param alertIds alerts that went into another state
     * @param commands commands that were sent or answered
     * @param deleted ids of runs that were in history and have been deleted from it
     */
    record Changes(
            List<RunSummary> runs,
            List<EpochRecord> epochs,
            Set<String> alertIds,
            Set<CommandKey> commands,
            List<String> deleted) {}

    /** A command to a run. */
    record CommandKey(String runId, String commandId) {}
}
