package io.gradwatch.experiments.run;

import io.gradwatch.experiments.data.Batch;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;

/**
 * Where a run reports to. Called on the training thread; no call throws or blocks, but {@link #ended} for a while and
 * {@link #stepEnded} during a pause.
 */
public interface RunTelemetry {
    /** Reports to nobody. */
    RunTelemetry NONE = new RunTelemetry() {
        @Override
        public Optional<TrainingListener> listener() {
            return Optional.empty();
        }

        @Override
        public void epochEnded(EpochSummary summary) {}

        @Override
        public String ended(RunOutcome outcome) {
            return "telemetry: none";
        }

        @Override
        public long dropped() {
            return 0;
        }
    };

    /** Starts to report a run. */
    @FunctionalInterface
    interface Factory {
        /** Reports to nobody. */
        Factory NONE = (description, network, attempt) -> RunTelemetry.NONE;

        /**
         * Announces an attempt; returns at once.
         *
         * @param network of the run, where it is to go on
         * @param attempt 1 for the first
         * @throws TelemetryException naming the setting that is wrong
         */
        RunTelemetry start(RunDescription description, ComputationGraph network, int attempt);
    }

    /** What must be told of every step, if anything. */
    Optional<TrainingListener> listener();

    /** Before each step, with its batch: measurements that are due are made now, with the network as it is. */
    default void stepBegins(Batch batch) {}

    /** Before the first step: whom to pass on what the run is told from outside. */
    default void obeys(RunOrders orders) {}

    /** After each step; passes on what has come meanwhile. Returns late if that was to pause, and only then. */
    default void stepEnded() {}

    void epochEnded(EpochSummary summary);

    /**
     * The last call: sends what is still unsent, for a limited time.
     *
     * @return for a person, what became of the records
     */
    String ended(RunOutcome outcome);

    /** Records of iterations that could not be sent, so far. */
    long dropped();
}
