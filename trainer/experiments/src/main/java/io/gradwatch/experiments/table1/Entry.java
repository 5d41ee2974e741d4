package io.gradwatch.experiments.table1;

import java.time.Instant;
import java.util.Map;

/** A line of the book: something that happened to a run of the table. */
public sealed interface Entry {
    Instant at();

    JobId job();

    Conditions conditions();

    /** Somebody asked for the run. */
    record Planned(Instant at, JobId job, Conditions conditions) implements Entry {}

    /** It was begun under this run id, and keeps it through all its attempts. */
    record Started(Instant at, JobId job, Conditions conditions, String runId) implements Entry {}

    /**
     * It reached its planned end.
     *
     * @param settings every option in force, by its name on the command line
     * @param versions of software and machine
     * @param millisPerIteration mean over a part of the run that was not interrupted, with validation; 0 if unknown
     */
    record Finished(
            Instant at,
            JobId job,
            Conditions conditions,
            String runId,
            Figures figures,
            Map<String, String> settings,
            Map<String, String> versions,
            double millisPerIteration)
            implements Entry {
        public Finished {
            settings = Map.copyOf(settings);
            versions = Map.copyOf(versions);
        }
    }

    /** It broke off. The next time the table is trained it is tried again. */
    record Failed(Instant at, JobId job, Conditions conditions, String runId, String reason) implements Entry {}
}
