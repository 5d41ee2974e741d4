package io.gradwatch.telemetry.lifecycle;

import io.gradwatch.contract.RunIds;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.archive.ArchiveException;
import io.gradwatch.telemetry.archive.Imports;
import io.gradwatch.telemetry.archive.Manifest;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.StoredRun;
import io.gradwatch.telemetry.ingest.KafkaSettings;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.tensorboard.EventFileImport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Imports, archives and deletes runs. Any thread; methods block. */
public final class RunLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RunLifecycle.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_EVERY_MS = 50;

    private final History history;
    private final Archive archive;
    private final Path checkpoints;
    private final RunLog log;
    private final Consumer<StoredRun> adopt;
    private final Clock clock;

    RunLifecycle(
            History history, Archive archive, Path checkpoints, RunLog log, Consumer<StoredRun> adopt, Clock clock) {
        this.history = history;
        this.archive = archive;
        this.checkpoints = checkpoints;
        this.log = log;
        this.adopt = adopt;
        this.clock = clock;
    }

    /**
     * Over a real log.
     *
     * @param data the data directory
     * @param adopt gets every run that was imported, to follow it
     */
    public static RunLifecycle of(
            History history, Path data, KafkaSettings kafka, Consumer<StoredRun> adopt, Clock clock) {
        Archive archive = new Archive(data.resolve("archive"), clock);
        archive.sweep();
        return new RunLifecycle(
                history, archive, data.resolve("checkpoints"), new KafkaRunLog(kafka, clock), adopt, clock);
    }

    /** The archive of the data directory. */
    public Archive archive() {
        return archive;
    }

    RunLog log() {
        return log;
    }

    /** A run that was imported, and what the user should know of it. */
    public record Imported(Manifest manifest, List<String> notes) {
        public Imported {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Takes a run from a file: one that was exported as Parquet, or a TensorBoard event file.
     *
     * @param name what the file is called, for messages and as its origin
     * @param as the id of the run; empty: the one that it had, or for an event file one made of its name
     * @param partial take what lies before the damaged place of an event file
     */
    public Imported take(Path file, String name, Optional<String> as, boolean partial) throws ArchiveException {
        if (as.isPresent() && !RunIds.isValid(as.get())) {
            throw new ArchiveException(
                    ArchiveException.Kind.DAMAGED, "as is \"" + as.get() + "\"; accepted are " + RunIds.FORM);
        }
        Imports imports = new Imports(history, archive);
        Imports.Imported imported;
        List<String> notes = new ArrayList<>();
        if (isZip(file)) {
            imported = imports.zip(file, name, as);
        } else {
            EventFileImport.Result result = new EventFileImport(imports, archive, clock)
                    .take(file, name, as.orElseGet(() -> idOf(name)), partial);
            imported = result.imported();
            notes.addAll(result.notes());
        }
        adopt.accept(imported.run());
        say(imported.manifest(), notes);
        return new Imported(imported.manifest(), notes);
    }

    /** What was said of the run where it came from; and that a run of this id is not deleted (any more). */
    private void say(Manifest manifest, List<String> notes) {
        RunAnnotation said = manifest.annotation();
        boolean wasDeleted = history.origins().deleted().contains(manifest.runId());
        if (said == null && !wasDeleted) {
            return;
        }
        try {
            log.annotate(
                    manifest.runId(),
                    manifest.attempt(),
                    said == null
                            ? RunAnnotation.getDefaultInstance()
                            : said.toBuilder().setDeleted(false).build());
        } catch (RuntimeException e) {
            LOG.warn("What is said of imported run {} could not be written to Kafka", manifest.runId(), e);
            notes.add("its name, tags and notes could not be written to Kafka (" + e.getMessage() + ")");
        }
    }

    /**
     * What a deletion did.
     *
     * @param bytesBefore what the run took, see {@link DiskUse}
     * @param recordsTrimmed records deleted from Kafka, of this run and others that nobody needs
     * @param recordsRemain whether records of the run may still be in Kafka, behind some that are needed; readers skip them
     */
    public record Deletion(String runId, DiskUse bytesBefore, long recordsTrimmed, boolean recordsRemain) {}

    /**
     * Deletes a run from history, from the archive, its checkpoints, and from Kafka as far as that is possible.
     *
     * @throws LifecycleException there is none, it is running, or Kafka does not answer; then nothing was deleted
     */
    public Deletion delete(String runId) throws LifecycleException, IOException {
        Optional<RunSummary> run = history.runs().find(runId);
        if (run.isEmpty() && !archive.runs().contains(runId)) {
            throw new LifecycleException(
                    LifecycleException.Kind.UNKNOWN,
                    "there is no run \"" + runId + "\"; accepted is the id of a run in GET /api/v1/runs");
        }
        if (run.isPresent() && run.get().phase().alive()) {
            throw new LifecycleException(
                    LifecycleException.Kind.RUNNING,
                    "run " + runId + " is running; accepted is one that has ended or is silent: stop it first");
        }
        DiskUse before = diskUse(runId);
        int attempt = run.map(r -> r.description().attempt()).orElse(1);
        try {
            log.annotate(
                    runId, attempt, RunAnnotation.newBuilder().setDeleted(true).build());
            log.forget(runId);
        } catch (RuntimeException e) {
            throw new LifecycleException(
                    LifecycleException.Kind.LOG,
                    "run " + runId + " was not deleted: Kafka does not take the mark of its deletion (" + e.getMessage()
                            + ")",
                    e);
        }
        awaitGone(runId);
        archive.delete(runId);
        deleteCheckpoints(runId);
        RunLog.Trimmed trimmed = trim(Policy.DEFAULT);
        return new Deletion(runId, before, trimmed.records(), trimmed.needed() > 0);
    }

    /** Ingest reads the mark like any other record, and deletes the rows. */
    private void awaitGone(String runId) throws LifecycleException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (history.runs().find(runId).isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new LifecycleException(
                        LifecycleException.Kind.LOG,
                        "the deletion of run " + runId + " is in the log, but has not been read back within "
                                + PATIENCE.toSeconds() + " s; its rows go when it is. Delete it again for the rest");
            }
            try {
                Thread.sleep(LOOK_EVERY_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LifecycleException(LifecycleException.Kind.LOG, "interrupted while deleting " + runId, e);
            }
        }
    }

    private void deleteCheckpoints(String runId) throws IOException {
        Path folder = checkpoints.resolve(runId);
        if (Files.exists(folder)) {
            Path doomed = checkpoints.resolve("." + runId + ".deleted");
            Files.move(folder, doomed);
            Archive.discard(doomed);
        }
    }

    /** Archives a run that has ended, now. */
    public Manifest store(String runId) throws LifecycleException, ArchiveException {
        RunSummary run = history.runs()
                .find(runId)
                .orElseThrow(() -> new LifecycleException(
                        LifecycleException.Kind.UNKNOWN,
                        "there is no run \"" + runId + "\"; accepted is the id of a run in GET /api/v1/runs"));
        if (!run.phase().ended()) {
            throw new LifecycleException(
                    LifecycleException.Kind.RUNNING,
                    "run " + runId + " is " + run.phase().label() + "; accepted is one that has ended");
        }
        Optional<String> origin = archive.find(runId).flatMap(Manifest::origin);
        return archive.store(history.files(), runId, origin)
                .orElseThrow(() -> new LifecycleException(
                        LifecycleException.Kind.UNKNOWN, "run " + runId + " was deleted meanwhile"));
    }

    /** Whether the archive has a run as history has it. */
    boolean isArchived(String runId) {
        try {
            Optional<Manifest> manifest = archive.find(runId);
            Optional<RunSummary> run = history.runs().find(runId);
            return manifest.isPresent()
                    && run.isPresent()
                    && run.get().phase().ended()
                    && manifest.get().attempt() == run.get().description().attempt()
                    && manifest.get().state().equals(run.get().phase().label());
        } catch (ArchiveException e) {
            return false;
        }
    }

    /** Deletes the beginning of Kafka's partitions as far as it is of runs that are deleted, or archived if that is enough. */
    RunLog.Trimmed trim(Policy policy) {
        try {
            return log.trim(Needs.of(history, archive, policy.trimArchived() ? this::isArchived : id -> false));
        } catch (RuntimeException e) {
            LOG.warn("Records that nobody needs could not be deleted from Kafka: {}", e.toString());
            return new RunLog.Trimmed(0, 1);
        }
    }

    /** Bytes that a run takes. {@code history}: its share of the history file, see RunMeasures. */
    public record DiskUse(long history, long archive, long checkpoints) {
        public long total() {
            return history + archive + checkpoints;
        }
    }

    /** What a run takes on this machine's disks, without Kafka's. */
    public DiskUse diskUse(String runId) {
        return new DiskUse(
                history.measures().bytes(runId),
                archive.bytes(runId),
                RunIds.isValid(runId) ? Archive.bytesOf(checkpoints.resolve(runId)) : 0);
    }

    private static String idOf(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+", "");
        String id = plain.substring(0, Math.min(plain.length(), 100));
        return RunIds.isValid(id) ? id : "imported";
    }

    private static boolean isZip(Path file) throws ArchiveException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(2);
            return head.length == 2 && head[0] == 'P' && head[1] == 'K';
        } catch (IOException e) {
            throw new ArchiveException(ArchiveException.Kind.STORAGE, file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
