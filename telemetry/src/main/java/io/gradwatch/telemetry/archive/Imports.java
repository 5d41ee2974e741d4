package io.gradwatch.telemetry.archive;

import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryException;
import io.gradwatch.telemetry.history.RunFiles;
import io.gradwatch.telemetry.history.StoredRun;
import io.gradwatch.telemetry.history.UnreadableRunException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes runs from files into history and the archive: all of a run or nothing. Any thread. */
public final class Imports {
    private static final Logger LOG = LoggerFactory.getLogger(Imports.class);

    private final History history;
    private final Archive archive;

    public Imports(History history, Archive archive) {
        this.history = history;
        this.archive = archive;
    }

    /** A run that was taken. */
    public record Imported(Manifest manifest, StoredRun run) {}

    /**
     * Takes a run from a zip file that {@link RunZip} wrote.
     *
     * @param name what the file is called, for messages and for the manifest
     * @param as its id from now on; empty: the one that it had
     * @throws ArchiveException the file is damaged, the run exists, or the disk refuses; then nothing has changed
     */
    public Imported zip(Path file, String name, Optional<String> as) throws ArchiveException {
        Path scratch = archive.scratch();
        try {
            Manifest manifest = RunZip.unpack(file, name, scratch);
            return take(scratch, manifest.imported(as.orElse(manifest.runId()), name), name);
        } catch (IOException e) {
            throw notWritten(name, e);
        } finally {
            Archive.discard(scratch);
        }
    }

    /**
     * Takes a run out of another history, which was made for it.
     *
     * @param folder does not exist; on success it has become the run's archive
     */
    public Imported made(RunFiles files, String runId, String name, Path folder) throws ArchiveException {
        try {
            Manifest manifest = archive.write(files, runId, Optional.of(name), folder)
                    .orElseThrow(() -> new IllegalStateException("no run " + runId));
            return take(folder, manifest, name);
        } catch (IOException | HistoryException e) {
            throw notWritten(name, e);
        }
    }

    /** Takes an archived run into a history that does not have it. */
    public StoredRun archived(String runId) throws ArchiveException {
        Manifest manifest = archive.find(runId)
                .orElseThrow(
                        () -> new ArchiveException(ArchiveException.Kind.DAMAGED, "run " + runId + " is not archived"));
        Path folder = archive.folder(runId);
        try {
            for (Manifest.TableFile table : manifest.tables()) {
                Path file = folder.resolve(table.file());
                String sha256 = Folders.sha256(file);
                if (!sha256.equals(table.sha256())) {
                    throw ArchiveException.damaged(
                            file + " is damaged: its SHA-256 is " + sha256 + ", the manifest says " + table.sha256());
                }
            }
            return read(folder, manifest, folder.toString());
        } catch (IOException e) {
            throw new ArchiveException(
                    ArchiveException.Kind.DAMAGED, folder + " cannot be read: " + Folders.reason(e), e);
        }
    }

    private Imported take(Path folder, Manifest manifest, String name) throws ArchiveException, IOException {
        if (history.runs().find(manifest.runId()).isPresent()) {
            throw exists(manifest.runId());
        }
        Archive.writeManifest(folder, manifest);
        StoredRun run = read(folder, manifest, name);
        try {
            archive.place(folder, manifest.runId());
        } catch (IOException e) {
            LOG.warn(
                    "Run {} is in history, but its files could not be kept in {}: {}",
                    manifest.runId(),
                    archive.folder(manifest.runId()),
                    Folders.reason(e));
        }
        return new Imported(manifest, run);
    }

    private StoredRun read(Path folder, Manifest manifest, String name) throws ArchiveException {
        try {
            return history.files().read(folder, manifest.rows(), manifest.runId(), manifest.origin());
        } catch (UnreadableRunException e) {
            if (history.runs().find(manifest.runId()).isPresent()) {
                throw exists(manifest.runId());
            }
            throw new ArchiveException(ArchiveException.Kind.DAMAGED, name + ": " + e.getMessage(), e);
        } catch (HistoryException e) {
            throw notWritten(name, e);
        }
    }

    private static ArchiveException exists(String runId) {
        return new ArchiveException(
                ArchiveException.Kind.EXISTS,
                "run " + runId + " exists already; accepted is another id for the import (--as NEWID), or delete that"
                        + " run first");
    }

    private static ArchiveException notWritten(String name, Exception e) {
        return new ArchiveException(
                ArchiveException.Kind.STORAGE,
                name + " was not imported: " + Folders.reason(e) + "; nothing of it was kept",
                e);
    }
}
