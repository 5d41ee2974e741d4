package io.gradwatch.experiments.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Puts CIFAR-100 in its place under a data directory: from the official archive, downloaded or at hand. Files appear
 * there only when they are complete and their check sums are right.
 */
public final class Cifar100Installation {
    /** Where the archive is published. */
    public static final URI OFFICIAL = URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz");

    private static final String ARCHIVE_MD5 = "03b5dce01913d631647c71ecec9e9cb8";
    private static final List<String> LABEL_NAMES = List.of("fine_label_names.txt", "coarse_label_names.txt");

    private final Path folder;
    private final String archiveMd5;
    private final List<OfficialFile> files;
    private final TransferProgress progress;

    /**
     * @param datasets the data directory's {@code datasets/}; made if it is not there
     * @param progress hears how far a download is
     */
    public Cifar100Installation(Path datasets, TransferProgress progress) {
        this(datasets, ARCHIVE_MD5, List.of(Cifar100.TRAIN, Cifar100.TEST), progress);
    }

    /** For an archive of the same form with other check sums. */
    Cifar100Installation(Path datasets, String archiveMd5, List<OfficialFile> files, TransferProgress progress) {
        this.folder = datasets.resolve(Cifar100.FOLDER);
        this.archiveMd5 = archiveMd5;
        this.files = List.copyOf(files);
        this.progress = progress;
    }

    /** The folder of the binary files. */
    public Path folder() {
        return folder;
    }

    /** Whether all files are in place and undamaged. Reads them. */
    public boolean isComplete() {
        try {
            for (OfficialFile file : files) {
                file.check(folder, file.read(folder));
            }
            return true;
        } catch (DataException e) {
            return false;
        }
    }

    /**
     * Downloads the archive from {@code address}, checks it, unpacks it, and removes it.
     *
     * @throws DataException saying what went wrong and what can be done by hand
     */
    public void download(URI address) throws IOException {
        Files.createDirectories(folder.getParent());
        Path part = folder.resolveSibling(Cifar100.FOLDER + ".tar.gz.part");
        try {
            new HttpDownload(progress).fetch(address, part);
        } catch (HttpDownload.UnreachableException e) {
            if (Files.exists(part) && Files.size(part) == 0) {
                Files.delete(part);
            }
            throw new DataException(e.getMessage() + byHand(), e);
        }
        String found = Digests.md5(part);
        if (!found.equals(archiveMd5)) {
            Files.delete(part);
            throw new DataException(address + " is not the archive: its MD5 is " + found + ", accepted is " + archiveMd5
                    + ". The download was removed" + byHand());
        }
        unpack(part);
        Files.delete(part);
    }

    /**
     * Checks and unpacks an archive that is at hand, and leaves it where it is.
     *
     * @throws DataException naming the file, what is wrong with it, and what is accepted
     */
    public void unpackFrom(Path archive) throws IOException {
        if (!Files.isRegularFile(archive)) {
            throw new DataException(archive + " is not a file: accepted is " + OFFICIAL + ", or where it was saved");
        }
        String found = Digests.md5(archive);
        if (!found.equals(archiveMd5)) {
            throw new DataException(archive + " is not the archive, or damaged: its MD5 is " + found + ", accepted is "
                    + archiveMd5 + ", that of " + OFFICIAL);
        }
        unpack(archive);
    }

    private void unpack(Path archive) throws IOException {
        Files.createDirectories(folder);
        Path unpacking = Files.createTempDirectory(folder.getParent(), ".unpacking-");
        try {
            Set<String> missing =
                    new HashSet<>(files.stream().map(OfficialFile::name).toList());
            try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
                    TarArchiveInputStream tar = new TarArchiveInputStream(new GzipCompressorInputStream(in))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    String name = wanted(entry);
                    if (!name.isEmpty()) {
                        Files.copy(tar, unpacking.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                        missing.remove(name);
                    }
                }
            }
            if (!missing.isEmpty()) {
                throw new DataException(archive + " holds no " + String.join(", no ", missing));
            }
            for (OfficialFile file : files) {
                file.check(unpacking, file.read(unpacking));
            }
            moveAll(unpacking);
        } finally {
            deleteFolder(unpacking);
        }
    }

    /** Name of the file to write, empty for an entry of no interest. No folder of the archive plays a part in it. */
    private String wanted(TarArchiveEntry entry) {
        String path = entry.getName();
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean known = LABEL_NAMES.contains(name)
                || files.stream().anyMatch(file -> file.name().equals(name));
        return entry.isFile() && known ? name : "";
    }

    private void moveAll(Path unpacking) throws IOException {
        try (var unpacked = Files.list(unpacking)) {
            for (Path file : unpacked.toList()) {
                Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static void deleteFolder(Path folder) throws IOException {
        try (var left = Files.list(folder)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private String byHand() {
        return ".\nWithout a connection: fetch " + OFFICIAL + " (MD5 " + archiveMd5 + ") on another machine, then"
                + "\n  gradwatch data cifar-100 --from FILE"
                + "\nor unpack "
                + String.join(" and ", files.stream().map(OfficialFile::name).toList()) + " into "
                + folder + ", or name their folder with `gradwatch train … --data DIR`";
    }
}
