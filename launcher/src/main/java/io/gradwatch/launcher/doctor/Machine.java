package io.gradwatch.launcher.doctor;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Measures. Whatever cannot be read is absent. */
public final class Machine {
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private Machine() {}

    /** Bytes of memory that programs can have. */
    public static OptionalLong availableMemory() {
        return lineOf(MEMORY, "MemAvailable:")
                .map(line -> line.replaceAll("[^0-9]", ""))
                .filter(digits -> !digits.isEmpty())
                .map(digits -> OptionalLong.of(Long.parseLong(digits) * 1024))
                .orElse(OptionalLong.empty());
    }

    /** What the first processor can. */
    public static Optional<String> cpuFlags() {
        return lineOf(PROCESSORS, "flags").map(line -> line.substring(line.indexOf(':') + 1));
    }

    /** Bytes that a directory, which need not be there yet, has left; empty when it cannot be written. */
    public static OptionalLong usableSpace(Path directory) {
        Path present = directory;
        while (present != null && !Files.exists(present)) {
            present = present.getParent();
        }
        try {
            return present == null || !Files.isDirectory(present) || !Files.isWritable(present)
                    ? OptionalLong.empty()
                    : OptionalLong.of(Files.getFileStore(present).getUsableSpace());
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Whether other users may do anything with a file; empty without it. */
    public static Optional<Boolean> isOpenToOthers(Path file) {
        if (!Files.exists(file)
                || !FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return Optional.empty();
        }
        try {
            Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
            others.addAll(Files.getPosixFilePermissions(file));
            others.removeAll(OWNER);
            return Optional.of(!others.isEmpty());
        } catch (IOException e) {
            return Optional.of(true);
        }
    }

    private static Optional<String> lineOf(Path file, String beginning) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
