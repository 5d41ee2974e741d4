package io.gradwatch.launcher.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The classes of a program as the JVM wants them in memory (AppCDS), kept from its first clean end for its later
 * starts: they take half the time. An archive belongs to a Java version and a class path; another one replaces it.
 *
 * <p>Nothing depends on it: whatever goes wrong with the file, the program only starts slower.
 */
public final class ClassArchive {
    private final boolean possible;
    private final Path folder;
    private final String name;
    private final Path archive;
    private final Path unfinished;

    private ClassArchive(boolean possible, Path folder, String name, String key) {
        this.possible = possible;
        this.folder = folder;
        this.name = name;
        archive = folder.resolve(name + "-" + key + ".jsa");
        unfinished = folder.resolve(
                name + "-" + key + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".unfinished");
    }

    /**
     * The archive of a program.
     *
     * @param folder is created where it does not exist
     * @param name of the program, unique in the folder
     */
    public static ClassArchive of(Path folder, String name, List<Path> classPath) throws IOException {
        Files.createDirectories(folder);
        StringBuilder identity = new StringBuilder(System.getProperty("java.vm.version"));
        for (Path entry : classPath) {
            identity.append('\n').append(entry.toAbsolutePath());
            if (Files.exists(entry)) {
                identity.append(' ').append(Files.size(entry)).append(' ').append(Files.getLastModifiedTime(entry));
            }
        }
        boolean onlyFiles = classPath.stream().noneMatch(Files::isDirectory); // the JVM refuses folders
        return new ClassArchive(onlyFiles, folder, name, shortHash(identity.toString()));
    }

    /** JVM options that use the archive, or those that write it when the program ends; none with class folders. */
    public List<String> jvmArguments() {
        if (!possible) {
            return List.of();
        }
        return Files.exists(archive)
                ? List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr")
                : List.of("-XX:ArchiveClassesAtExit=" + unfinished, "-Xlog:disable", "-Xlog:all=error:stderr");
    }

    /** To be called when the program that ran with {@link #jvmArguments} has ended: keeps what it wrote, if complete. */
    public void programEnded(int exitCode) {
        try {
            if (exitCode == 0 && Files.exists(unfinished)) {
                Files.move(unfinished, archive, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                deleteOthers();
            } else {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            // the next end writes it
        }
    }

    private void deleteOthers() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, name + "-*.{jsa,unfinished}")) {
            for (Path file : files) {
                if (!file.equals(archive)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String shortHash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException("every Java has SHA-256", e));
        }
    }
}
