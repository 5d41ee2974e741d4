package io.gradwatch.telemetry.archive;

import io.gradwatch.telemetry.history.HistoryException;
import io.gradwatch.telemetry.history.RunFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A run's folder in one zip file, not compressed once more. */
public final class RunZip {
    private static final int MANIFEST_BYTES = 4 << 20;
    private static final int BUFFER = 1 << 16;

    private RunZip() {}

    /**
     * Writes a run as it is now.
     *
     * @param to gets the zip file; is not closed. What it throws ends the writing and comes out
     * @return what was written; empty, and nothing written, when there is no such run
     */
    public static Optional<Manifest> write(Archive archive, RunFiles files, String runId, OutputStream to)
            throws IOException, ArchiveException {
        Path scratch = archive.scratch();
        try {
            Optional<Manifest> manifest;
            try {
                manifest = archive.write(files, runId, Optional.empty(), scratch);
            } catch (IOException | HistoryException e) {
                throw new ArchiveException(
                        ArchiveException.Kind.STORAGE,
                        "run " + runId + " could not be exported: " + Folders.reason(e) + ", in " + scratch.getParent()
                                + ", where its files are made; nothing of it was left there",
                        e);
            }
            if (manifest.isPresent()) {
                ZipOutputStream zip = new ZipOutputStream(to);
                zip.setLevel(Deflater.NO_COMPRESSION);
                add(zip, runId, scratch.resolve(Manifest.FILE));
                for (Manifest.TableFile table : manifest.get().tables()) {
                    add(zip, runId, scratch.resolve(table.file()));
                }
                zip.finish();
            }
            return manifest;
        } finally {
            Archive.discard(scratch);
        }
    }

    private static void add(ZipOutputStream zip, String runId, Path file) throws IOException {
        zip.putNextEntry(new ZipEntry(runId + "/" + file.getFileName()));
        Files.copy(file, zip);
        zip.closeEntry();
    }

    /**
     * Unpacks a run's zip file, and checks every byte against its manifest.
     *
     * @param name what the file is called, for messages
     * @param folder does not exist; after a failure it may hold parts
     */
    static Manifest unpack(Path zipFile, String name, Path folder) throws ArchiveException, IOException {
        Files.createDirectories(folder);
        try (ZipFile zip = new ZipFile(zipFile.toFile())) {
            ZipEntry entry = zip.stream()
                    .filter(e ->
                            e.getName().equals(Manifest.FILE) || e.getName().endsWith("/" + Manifest.FILE))
                    .findFirst()
                    .orElseThrow(() -> ArchiveException.damaged(name + " has no " + Manifest.FILE
                            + "; accepted is a run that Gradwatch exported as Parquet"));
            String where = name + ": " + entry.getName();
            byte[] text;
            try (InputStream in = zip.getInputStream(entry)) {
                text = in.readNBytes(MANIFEST_BYTES);
            }
            Manifest manifest = ManifestJson.read(text, where);
            String prefix = entry.getName().substring(0, entry.getName().length() - Manifest.FILE.length());
            for (Manifest.TableFile table : manifest.tables()) {
                unpack(zip, name, prefix, table, folder);
            }
            Archive.writeManifest(folder, manifest);
            return manifest;
        } catch (ZipException e) {
            throw new ArchiveException(
                    ArchiveException.Kind.DAMAGED, name + " is not a zip file, or is damaged: " + e.getMessage(), e);
        }
    }

    private static void unpack(ZipFile zip, String name, String prefix, Manifest.TableFile table, Path folder)
            throws ArchiveException, IOException {
        String where = name + ": " + prefix + table.file();
        ZipEntry entry = zip.getEntry(prefix + table.file());
        if (entry == null) {
            throw ArchiveException.damaged(where + " is missing, but the manifest names it");
        }
        MessageDigest digest = Folders.digest();
        Path file = folder.resolve(table.file());
        long bytes = 0;
        try (InputStream in = zip.getInputStream(entry);
                OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0 && bytes <= table.bytes(); n = in.read(buffer)) {
                out.write(buffer, 0, n);
                bytes += n;
            }
        } catch (ZipException e) {
            throw new ArchiveException(
                    ArchiveException.Kind.DAMAGED, where + " is damaged at byte " + bytes + ": " + e.getMessage(), e);
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        if (bytes != table.bytes() || !sha256.equals(table.sha256())) {
            throw ArchiveException.damaged(where + " is damaged: it has " + (bytes > table.bytes() ? "more than " : "")
                    + Math.min(bytes, table.bytes()) + " bytes and SHA-256 " + sha256 + ", the manifest says "
                    + table.bytes() + " bytes and " + table.sha256());
        }
        Folders.force(file);
    }
}
