package io.gradwatch.experiments.run;

import io.gradwatch.experiments.checkpoint.RunManifest;
import java.io.IOException;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Who keeps a run's state, so that it can go on later. Called on the training thread; only {@link #saveForGood} throws.
 */
interface RunKeeper {
    /** Keeps nothing. */
    RunKeeper NONE = new RunKeeper() {
        @Override
        public void save(RunPosition position, ComputationGraph network) {}

        @Override
        public String saveForGood(RunPosition position, ComputationGraph network) throws IOException {
            throw new IOException("the run keeps no checkpoints: it was started with --no-checkpoints");
        }

        @Override
        public void finished(RunManifest.End end) {}

        @Override
        public String summary() {
            return "no checkpoints";
        }
    };

    /** Between two steps, or where an epoch or a run ends; blocks until the state is safe. */
    void save(RunPosition position, ComputationGraph network);

    /**
     * As {@link #save}, but what is saved stays, whatever else is saved later.
     *
     * @return the file's name
     * @throws IOException it could not be saved; the message says why
     */
    String saveForGood(RunPosition position, ComputationGraph network) throws IOException;

    /** At the planned end. */
    void finished(RunManifest.End end);

    /** For a person: what has been kept. */
    String summary();
}
