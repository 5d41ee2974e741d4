package io.gradwatch.experiments.run;

import io.gradwatch.experiments.checkpoint.RunManifest;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Who keeps a run's state, so that it can go on later. Called on the training thread; no call throws. */
interface RunKeeper {
    /** Keeps nothing. */
    RunKeeper NONE = new RunKeeper() {
        @Override
        public void save(RunPosition position, ComputationGraph network) {}

        @Override
        public void finished(RunManifest.End end) {}

        @Override
        public String summary() {
            return "no checkpoints";
        }
    };

    /** Between two steps, or where an epoch or a run ends; blocks until the state is safe. */
    void save(RunPosition position, ComputationGraph network);

    /** At the planned end. */
    void finished(RunManifest.End end);

    /** For a person: what has been kept. */
    String summary();
}
