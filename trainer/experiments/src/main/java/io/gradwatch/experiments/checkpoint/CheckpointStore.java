package io.gradwatch.experiments.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All runs of a data directory: {@code checkpoints/} with a folder for each. Safe for any thread. */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

    private final Path root;

    /** @param root need not exist */
    public CheckpointStore(Path root) {
        this.root = root;
    }

    /**
     * A run on disk.
     *
     * @param iteration steps done at its newest checkpoint; 0 without one
     * @param checkpoints number of them
     */
    public record Stored(RunManifest manifest, long iteration, int checkpoints) {
        /** Whether there is something to go on with. */
        public boolean resumable() {
            return manifest.end() == null && checkpoints > 0;
        }
    }

    /** The runs, that with the latest start first. What cannot be read is logged and left out. */
    public List<Stored> runs() throws IOException {
        List<Stored> runs = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return runs;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path folder : folders) {
                try {
                    List<String> names = RunDirectory.checkpoints(folder);
                    long iteration = names.isEmpty() ? 0 : RunDirectory.iterationOf(names.get(0));
                    RunDirectory.manifest(folder)
                            .ifPresent(manifest -> runs.add(new Stored(manifest, iteration, names.size())));
                } catch (IOException e) {
                    LOG.warn("a run is left out: {}", e.getMessage());
                }
            }
        }
        runs.sort(Comparator.comparing((Stored run) -> run.manifest().started())
                .thenComparing(run -> run.manifest().runId())
                .reversed());
        return runs;
    }

    /**
     * Takes a run's folder; makes it if it is not there.
     *
     * @param runId valid on the wire, and so as a name of a folder
     * @throws RunInUseException the run is being trained
     * @throws IOException the folder cannot be made or written
     */
    public RunDirectory open(String runId) throws IOException {
        return RunDirectory.open(root.resolve(runId));
    }
}
