package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.checkpoint.Checkpoint;
import io.gradwatch.experiments.checkpoint.CheckpointStore;
import io.gradwatch.experiments.checkpoint.CheckpointStore.Stored;
import io.gradwatch.experiments.checkpoint.DamagedCheckpointException;
import io.gradwatch.experiments.checkpoint.RunDirectory;
import io.gradwatch.experiments.checkpoint.RunInUseException;
import io.gradwatch.experiments.checkpoint.RunManifest;
import io.gradwatch.experiments.run.RunResult;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The run that {@code --resume} means, taken for this process, with its checkpoint.
 *
 * @param manifest as the last attempt left it
 */
record ResumedRun(RunDirectory directory, RunManifest manifest, Checkpoint checkpoint) {
    private static final String LAST = "last";
    private static final int MOST_LISTED = 20;

    /**
     * Finds and opens it.
     *
     * @param wanted a run's id, the beginning of one, or "last"
     * @param checkpoint name of one of its checkpoints; null for the newest
     * @throws UsageException it cannot go on; the problem says why, and what can
     * @throws IOException the checkpoints cannot be read
     */
    static ResumedRun open(String wanted, @Nullable String checkpoint, DataDirectory directory)
            throws UsageException, IOException {
        CheckpointStore store = new CheckpointStore(directory.checkpoints());
        Stored stored = find(wanted, store.runs(), directory);
        RunManifest manifest = stored.manifest();
        RunManifest.End end = manifest.end();
        if (end != null) {
            throw refused(
                    "run " + manifest.runId() + " has reached its end (" + end.reason() + "): "
                            + ResultLine.of(RunResult.of(end))
                            + ". It cannot go on; more epochs are another run, because the learning rate's schedule spans them");
        }
        if (stored.checkpoints() == 0) {
            throw refused("run " + manifest.runId() + " has no checkpoint yet, it ended before its first epoch did:"
                    + " start it again with `gradwatch train "
                    + manifest.options().getOrDefault("preset", "PRESET")
                    + "` and its options");
        }
        RunDirectory taken = take(store, manifest.runId());
        try {
            return new ResumedRun(taken, manifest, load(taken, checkpoint, manifest, directory));
        } catch (IOException | UsageException | RuntimeException e) {
            taken.close();
            throw e;
        }
    }

    private static Stored find(String wanted, List<Stored> runs, DataDirectory directory) throws UsageException {
        List<Stored> matching = runs.stream()
                .filter(run -> run.manifest().runId().startsWith(wanted))
                .toList();
        if (wanted.equals(LAST) && !runs.isEmpty()) {
            return runs.get(0);
        }
        for (Stored run : matching) {
            if (run.manifest().runId().equals(wanted)) {
                return run;
            }
        }
        if (matching.size() == 1) {
            return matching.get(0);
        }
        if (matching.isEmpty()) {
            throw refused("--resume " + wanted + ": there is no such run in " + directory.checkpoints() + "; "
                    + listed(runs.stream().filter(Stored::resumable).toList()));
        }
        throw refused("--resume " + wanted + " is the beginning of " + matching.size() + " runs; " + listed(matching));
    }

    private static String listed(List<Stored> runs) {
        if (runs.isEmpty()) {
            return "none can be resumed";
        }
        return "accepted are last and\n"
                + runs.stream()
                        .limit(MOST_LISTED)
                        .map(run -> String.format(
                                Locale.ROOT,
                                "  %s  %s, iteration %d, started %s",
                                run.manifest().runId(),
                                run.manifest().name(),
                                run.iteration(),
                                run.manifest().startedAt()))
                        .collect(Collectors.joining("\n"))
                + (runs.size() > MOST_LISTED ? "\n  and " + (runs.size() - MOST_LISTED) + " older ones" : "");
    }

    private static RunDirectory take(CheckpointStore store, String runId) throws UsageException, IOException {
        try {
            return store.open(runId);
        } catch (RunInUseException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static Checkpoint load(
            RunDirectory taken, @Nullable String wanted, RunManifest manifest, DataDirectory directory)
            throws UsageException, IOException {
        List<String> names = taken.checkpoints();
        if (wanted != null && !names.contains(wanted)) {
            throw refused("--checkpoint " + wanted + ": accepted are " + String.join(", ", names));
        }
        try {
            return taken.load(wanted == null ? names.get(0) : wanted);
        } catch (DamagedCheckpointException e) {
            String instead = taken.newestGood()
                    .map(good -> "the last good one is " + good + ": `gradwatch train --resume " + manifest.runId()
                            + " --checkpoint " + good + directory.option() + "` goes on from it")
                    .orElse("no other checkpoint of the run is good");
            throw refused(e.getMessage() + "; " + instead);
        }
    }

    private static UsageException refused(String why) {
        return new UsageException(List.of(why));
    }
}
