package io.gradwatch.telemetry.archive;

import io.gradwatch.telemetry.history.HistoryException;
import io.gradwatch.telemetry.history.RunFiles;
import io.gradwatch.telemetry.history.RunSnapshot;
import io.gradwatch.telemetry.runs.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code archive} of a data directory: a folder {@code archive/RUN} for every archived run. It has its final name
 * only when it is complete and on the disk; names that begin with a dot are not archives. Any thread.
 */
public final class Archive {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);

    private final Path root;
    private final Clock clock;

    /**
     * @param root need not exist
     */
    public Archive(Path root, Clock clock) {
        this.root = root;
        this.clock = clock;
    }

    /** Removes what a process that was killed has left half done. Call it before anything else is under way. */
    public void sweep() {
        try (Stream<Path> all = Files.list(root)) {
            for (Path path : all.toList()) {
                if (path.getFileName().toString().startsWith(".")) {
                    Folders.delete(path);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("No archive yet", e);
        } catch (IOException e) {
            LOG.warn("Unfinished files in {} could not be deleted: {}", root, e.getMessage());
        }
    }

    /** Ids of the archived runs, sorted. */
    public List<String> runs() {
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(p -> Files.exists(p.resolve(Manifest.FILE)))
                    .map(p -> p.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** What is archived of a run; empty when it is not archived. */
    public Optional<Manifest> find(String runId) throws ArchiveException {
        Path file = folder(runId).resolve(Manifest.FILE);
        try {
            return Optional.of(ManifestJson.read(Files.readAllBytes(file), file.toString()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ArchiveException(
                    ArchiveException.Kind.STORAGE, file + " cannot be read: " + Folders.reason(e), e);
        }
    }

    /** Where a run's files are, or would be. */
    public Path folder(String runId) {
        return root.resolve(runId);
    }

    /** Bytes of all files in a folder; 0 when it is not there. */
    public static long bytesOf(Path folder) {
        return Folders.bytes(folder);
    }

    /** Bytes on the disk of an archived run; 0 when it is not archived. */
    public long bytes(String runId) {
        return Folders.bytes(folder(runId));
    }

    /**
     * Archives a run as it is now, in place of what was archived of it before.
     *
     * @return what was written; empty when there is no such run
     * @throws ArchiveException the disk or the database refused; then the archive is as it was
     */
    public Optional<Manifest> store(RunFiles files, String runId, Optional<String> origin) throws ArchiveException {
        Path scratch = scratch();
        try {
            Optional<Manifest> manifest = write(files, runId, origin, scratch);
            if (manifest.isPresent()) {
                place(scratch, runId);
            }
            return manifest;
        } catch (IOException | HistoryException e) {
            throw new ArchiveException(
                    ArchiveException.Kind.STORAGE,
                    "run " + runId + " could not be archived in " + root + ": " + Folders.reason(e)
                            + "; nothing of it was left there. Make room and try again",
                    e);
        } finally {
            discard(scratch);
        }
    }

    /** Writes a run's files into an empty folder. */
    Optional<Manifest> write(RunFiles files, String runId, Optional<String> origin, Path folder) throws IOException {
        Files.createDirectories(folder);
        Optional<RunSnapshot> written = files.write(runId, folder);
        if (written.isEmpty()) {
            return Optional.empty();
        }
        RunSnapshot snapshot = written.get();
        List<Manifest.TableFile> tables = new ArrayList<>();
        for (RunSnapshot.Table table : snapshot.tables()) {
            Path file = folder.resolve(table.name() + ".parquet");
            Folders.force(file);
            tables.add(new Manifest.TableFile(table.name(), table.rows(), Files.size(file), Folders.sha256(file)));
        }
        RunSummary run = snapshot.run();
        Manifest manifest = new Manifest(
                snapshot.schemaVersion(),
                clock.instant(),
                run.id(),
                run.name(),
                run.phase().label(),
                run.description().attempt(),
                run.annotation(),
                snapshot.clusterId(),
                snapshot.log(),
                snapshot.offsets(),
                origin,
                tables);
        writeManifest(folder, manifest);
        return Optional.of(manifest);
    }

    static void writeManifest(Path folder, Manifest manifest) throws IOException {
        Path file = folder.resolve(Manifest.FILE);
        Files.write(file, ManifestJson.write(manifest));
        Folders.force(file);
        Folders.force(folder);
    }

    /** A complete folder gets its final name. */
    void place(Path complete, String runId) throws IOException {
        Path target = folder(runId);
        if (Files.exists(target)) {
            Path old = scratch();
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE);
            Folders.delete(old);
        } else {
            Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE);
        }
        Folders.force(root);
    }

    /** Deletes what is archived of a run. False when nothing was. */
    public boolean delete(String runId) throws IOException {
        Path folder = folder(runId);
        if (!Files.exists(folder)) {
            return false;
        }
        Path doomed = scratch();
        Files.move(folder, doomed, StandardCopyOption.ATOMIC_MOVE);
        Folders.force(root);
        Folders.delete(doomed);
        return true;
    }

    /** A name for a folder or file that is not an archive (yet). The archive itself exists then, if it can. */
    public Path scratch() {
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            LOG.debug("What is written there will say so", e);
        }
        return root.resolve("." + UUID.randomUUID());
    }

    /** Deletes a scratch folder or file. */
    public static void discard(Path scratch) {
        try {
            Folders.delete(scratch);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", scratch, e.getMessage());
        }
    }
}
