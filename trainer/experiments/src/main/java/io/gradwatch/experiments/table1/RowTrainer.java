package io.gradwatch.experiments.table1;

import java.util.Map;

/** Trains one run of the table; what the rest of this package does not look behind. */
public interface RowTrainer {
    /** How a run ended. */
    sealed interface Ending {
        /**
         * At its planned end.
         *
         * @param settings every option that was in force
         * @param versions of software and machine
         * @param millisPerIteration of the part that this call trained, with validation; 0 if that is too little to tell
         */
        record Finished(
                Figures figures, Map<String, String> settings, Map<String, String> versions, double millisPerIteration)
                implements Ending {}

        /** Because it was asked to; it can go on later. */
        record Stopped(String reason) implements Ending {}

        /** It broke off. */
        record Failed(String reason) implements Ending {}
    }

    /** A run id that no other run has. */
    String newRunId(Job job);

    /**
     * Starts the run, or goes on with it where its last checkpoint is; returns when it has ended. Failures of training are
     * endings, not exceptions.
     *
     * @param runId the same at every call for the same job
     */
    Ending train(Job job, String runId);
}
