package io.gradwatch.experiments.run;

import io.gradwatch.experiments.checkpoint.Checkpoint;
import io.gradwatch.experiments.checkpoint.DamagedCheckpointException;
import io.gradwatch.experiments.checkpoint.RunDirectory;
import io.gradwatch.experiments.checkpoint.RunManifest;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * Runs trainings in this process, one after another, from their first step or from a checkpoint, and gives back the
 * memory of each. The native backend must have been started. For one thread.
 */
public final class Trainings {
    private final RunTelemetry.Factory telemetry;
    private final @Nullable Checkpointing checkpointing;

    /** @param checkpointing empty to keep nothing: then nothing can be resumed */
    public Trainings(RunTelemetry.Factory telemetry, Optional<Checkpointing> checkpointing) {
        this.telemetry = telemetry;
        this.checkpointing = checkpointing.orElse(null);
    }

    /**
     * Trains a new run from its first step to its end, a stop or a failure: the outcome tells what happens in training.
     *
     * @throws TelemetryException the telemetry cannot be started with its settings
     */
    public RunOutcome start(RunDescription description, RunProgress progress, StopSignal stop) {
        if (checkpointing == null) {
            return train(description, RunKeeper.NONE, 1, null, progress, stop);
        }
        try (CheckpointKeeper keeper = CheckpointKeeper.ofNew(description, checkpointing, progress::warning)) {
            return train(description, keeper, keeper.attempt(), null, progress, stop);
        }
    }

    /**
     * Goes on with a run where a checkpoint left it, as a further attempt; otherwise as {@link #start}.
     *
     * @param description with the settings and data of the run
     * @param directory of the run; closed in any case
     * @param checkpoint of the run; closed in any case
     * @throws ResumeException the run has reached its end, or its settings or data are others; nothing was changed
     * @throws IOException the new attempt cannot be noted in the run's folder
     * @throws IllegalStateException without checkpointing
     */
    public RunOutcome resume(
            RunDescription description,
            RunDirectory directory,
            Checkpoint checkpoint,
            RunProgress progress,
            StopSignal stop)
            throws IOException {
        try (directory;
                checkpoint) {
            RunManifest manifest =
                    directory.manifest().orElseThrow(() -> new ResumeException(directory.folder() + " holds no run"));
            requireSame(manifest, description);
            return next(description, directory, manifest, checkpoint, progress, stop);
        }
    }

    /**
     * Brings a run to its end, whatever has become of it before: starts a new one, goes on from the newest checkpoint that
     * is good (a damaged one becomes a warning), starts again where there is none, or returns the result of one that
     * has reached its end.
     *
     * @throws ResumeException there is a run of that id with other settings or data
     * @throws IOException the run is being trained already, or its folder cannot be read or written
     */
    public RunOutcome startOrResume(RunDescription description, RunProgress progress, StopSignal stop)
            throws IOException {
        if (checkpointing == null) {
            return start(description, progress, stop);
        }
        try (RunDirectory directory = checkpointing.store().open(description.id())) {
            Optional<RunManifest> manifest = directory.manifest();
            if (manifest.isPresent()) {
                requireSame(manifest.get(), description);
                RunManifest.End end = manifest.get().end();
                if (end != null) {
                    return new RunOutcome.Finished(end.reason(), RunResult.of(end));
                }
                try (@Nullable Checkpoint checkpoint = newestGood(directory, progress)) {
                    return next(description, directory, manifest.get(), checkpoint, progress, stop);
                }
            }
        }
        return start(description, progress, stop);
    }

    private static @Nullable Checkpoint newestGood(RunDirectory directory, RunProgress progress) throws IOException {
        for (String name : directory.checkpoints()) {
            try {
                return directory.load(name);
            } catch (DamagedCheckpointException e) {
                progress.warning(e.getMessage() + "; an older checkpoint is tried");
            }
        }
        return null;
    }

    /** A further attempt, from a checkpoint or from the first step. */
    private RunOutcome next(
            RunDescription description,
            RunDirectory directory,
            RunManifest previous,
            @Nullable Checkpoint checkpoint,
            RunProgress progress,
            StopSignal stop)
            throws IOException {
        Checkpointing where = checkpointing;
        if (where == null) {
            throw new IllegalStateException("a run can be resumed only where checkpoints are kept");
        }
        long from = checkpoint == null ? 0 : checkpoint.state().iteration();
        try (CheckpointKeeper keeper =
                CheckpointKeeper.ofNext(description, where, directory, previous, from, progress::warning)) {
            return train(description, keeper, keeper.attempt(), checkpoint, progress, stop);
        }
    }

    private RunOutcome train(
            RunDescription description,
            RunKeeper keeper,
            int attempt,
            @Nullable Checkpoint checkpoint,
            RunProgress progress,
            StopSignal stop) {
        ComputationGraph network = description.settings().buildNetwork();
        try (RunPosition position = checkpoint == null ? RunPosition.atStart() : RunPosition.of(checkpoint)) {
            if (checkpoint != null) {
                checkpoint.restore(network);
            }
            Double rate = position.learningRate();
            if (rate != null) {
                network.setLearningRate(rate);
            }
            RunTelemetry reporting = telemetry.start(description, network, attempt);
            progress.started(attempt, position.iterations(), position.epoch(), position.position());
            return new TrainingRun(
                            description.settings(),
                            description.data(),
                            network,
                            reporting,
                            progress,
                            stop,
                            keeper,
                            position)
                    .run();
        } finally {
            // its arrays, and this thread's workspaces
            network.close();
        }
    }

    private static void requireSame(RunManifest manifest, RunDescription description) throws ResumeException {
        RunManifest wanted = description.manifest();
        if (!manifest.options().equals(wanted.options())) {
            TreeSet<String> names = new TreeSet<>(manifest.options().keySet());
            names.addAll(wanted.options().keySet());
            StringBuilder message = new StringBuilder("run " + manifest.runId() + " was started with other settings:");
            for (String name : names) {
                String then = manifest.options().getOrDefault(name, "not set");
                String now = wanted.options().getOrDefault(name, "not set");
                if (!then.equals(now)) {
                    message.append(' ').append(name).append(' ').append(then);
                    message.append(", now ").append(now).append(';');
                }
            }
            throw new ResumeException(message.append(" accepted are its own").toString());
        }
        if (!manifest.data().equals(wanted.data())) {
            throw new ResumeException("run " + manifest.runId() + " learns from "
                    + manifest.data().describe() + ", the data given is "
                    + wanted.data().describe()
                    + ": accepted is the same data");
        }
    }
}
