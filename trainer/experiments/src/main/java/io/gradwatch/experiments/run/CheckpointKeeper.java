package io.gradwatch.experiments.run;

import io.gradwatch.experiments.checkpoint.EpochFigures;
import io.gradwatch.experiments.checkpoint.RunDirectory;
import io.gradwatch.experiments.checkpoint.RunManifest;
import io.gradwatch.experiments.checkpoint.RunState;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a run's state in checkpoints. What cannot be written is told at once, tried again at the next checkpoint, and
 * told at the end: training goes on.
 */
final class CheckpointKeeper implements RunKeeper, AutoCloseable {
    private final RunDescription description;
    private final Checkpointing checkpointing;
    private final Consumer<String> warnings;
    private RunManifest manifest;
    private boolean manifestWritten;
    private @Nullable RunDirectory directory;
    /** Checkpoints of a former attempt that this one did not go on from, though they are later. */
    private List<String> abandoned = List.of();

    private @Nullable RunState saved;
    private String savedAs = "";
    private int failures;
    private String failure = "";
    private int written;
    private long longestNanos;

    private CheckpointKeeper(
            RunDescription description, Checkpointing checkpointing, RunManifest manifest, Consumer<String> warnings) {
        this.description = description;
        this.checkpointing = checkpointing;
        this.manifest = manifest;
        this.warnings = warnings;
    }

    /** Keeps a run from its first step on. */
    static CheckpointKeeper ofNew(RunDescription description, Checkpointing checkpointing, Consumer<String> warnings) {
        CheckpointKeeper keeper = new CheckpointKeeper(description, checkpointing, description.manifest(), warnings);
        try {
            keeper.prepare();
        } catch (IOException e) {
            keeper.failed(e);
        }
        return keeper;
    }

    /**
     * Keeps a further attempt, and counts it.
     *
     * @param directory of the run, which is closed with this
     * @param from steps done at the checkpoint that the attempt goes on from; 0 without one
     * @throws IOException the attempt cannot be counted, so it must not begin
     */
    static CheckpointKeeper ofNext(
            RunDescription description,
            Checkpointing checkpointing,
            RunDirectory directory,
            RunManifest previous,
            long from,
            Consumer<String> warnings)
            throws IOException {
        RunManifest manifest = previous.nextAttempt(description.manifest());
        directory.write(manifest);
        CheckpointKeeper keeper = new CheckpointKeeper(description, checkpointing, manifest, warnings);
        keeper.directory = directory;
        keeper.abandoned = directory.checkpointsAfter(from);
        keeper.manifestWritten = true;
        return keeper;
    }

    /** Number of the attempt, 1 for the first. */
    int attempt() {
        return manifest.attempt();
    }

    @Override
    public void save(RunPosition position, ComputationGraph network) {
        try {
            write(position, network, false);
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public String saveForGood(RunPosition position, ComputationGraph network) throws IOException {
        try {
            return write(position, network, true);
        } catch (IOException e) {
            failed(e);
            throw new IOException(reasonOf(e), e);
        }
    }

    private String write(RunPosition position, ComputationGraph network, boolean forGood) throws IOException {
        RunState state = stateOf(position);
        RunDirectory folder = prepare();
        if (!state.equals(saved)) {
            long start = System.nanoTime();
            try {
                savedAs = folder.save(state, network, position.bestParameters());
                saved = state;
                written++;
            } finally {
                longestNanos = Math.max(longestNanos, System.nanoTime() - start);
            }
        }
        if (forGood) {
            folder.keep(savedAs);
        }
        for (String old : abandoned) {
            if (!old.equals(savedAs)) {
                folder.delete(old);
            }
        }
        abandoned = List.of();
        folder.retain(
                checkpointing.keep(),
                position.best().map(best -> best.lastIteration() + 1).orElse(null));
        return folder.folder().resolve(savedAs).toString();
    }

    @Override
    public void finished(RunManifest.End end) {
        manifest = manifest.ended(end);
        manifestWritten = false;
        try {
            prepare();
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public String summary() {
        String problems = failures == 0
                ? ""
                : "; " + failures + (failures == 1 ? " failure" : " failures") + " to write, the last: " + failure;
        if (savedAs.isEmpty()) {
            return "NO CHECKPOINT written" + problems;
        }
        return "newest checkpoint " + savedAs + " (" + written + " written, at most "
                + Duration.ofNanos(longestNanos).toMillis() + " ms each)" + problems;
    }

    private RunDirectory prepare() throws IOException {
        RunDirectory folder = directory;
        if (folder == null) {
            folder = checkpointing.store().open(description.id());
            directory = folder;
        }
        if (!manifestWritten) {
            folder.write(manifest);
            manifestWritten = true;
        }
        return folder;
    }

    private RunState stateOf(RunPosition at) {
        return new RunState(
                RunState.FORMAT_VERSION,
                description.id(),
                description.name(),
                description.tags(),
                description.settings().toOptions(),
                manifest.data(),
                description.threads(),
                at.iterations(),
                at.epoch(),
                at.position(),
                new RunState.Sums(
                        at.sums().images(), at.sums().loss(), at.sums().correct()),
                at.epochs(),
                at.best().map(EpochFigures::epoch).orElse(null),
                at.learningRate());
    }

    private void failed(IOException e) {
        failures++;
        failure = reasonOf(e);
        warnings.accept("checkpoint not written, training goes on without it: " + failure
                + (savedAs.isEmpty() ? "" : "; the newest is " + savedAs));
    }

    /** The messages of some exceptions are the name of the file alone. */
    private static String reasonOf(IOException e) {
        boolean told = e instanceof FileSystemException file && file.getReason() != null;
        return told || !(e instanceof FileSystemException)
                ? Optional.ofNullable(e.getMessage()).orElse(e.toString())
                : e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }

    @Override
    public void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
