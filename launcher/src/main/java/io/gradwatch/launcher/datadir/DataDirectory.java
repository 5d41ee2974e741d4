package io.gradwatch.launcher.datadir;

import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one directory that Gradwatch writes to.
 *
 * @param root absolute
 */
public record DataDirectory(Path root) {
    /** Format that this version reads and writes. */
    public static final int FORMAT = 1;

    private static final Set<String> OURS = Set.of(
            "kafka",
            "history",
            "datasets",
            "checkpoints",
            "logs",
            "cache",
            "tmp",
            "lost+found",
            "gradwatch.lock",
            "archive",
            "notifications",
            "actions.properties",
            "notifications.properties",
            "retention.properties",
            "rules.yaml",
            "rules-in-force.yaml",
            "access.tokens",
            "access.secret");

    /**
     * The directory that is meant: the option, else the variable {@code GRADWATCH_HOME}, else {@code ~/.gradwatch}. It
     * is neither read nor created.
     */
    public static DataDirectory meant(@Nullable Path option, Map<String, String> environment) {
        String home = environment.getOrDefault("GRADWATCH_HOME", "");
        Path root = option != null
                ? option
                : home.isEmpty() ? Path.of(System.getProperty("user.home"), ".gradwatch") : Path.of(home);
        return new DataDirectory(root.toAbsolutePath().normalize());
    }

    /**
     * Makes the directory usable: creates what is missing.
     *
     * @throws Problem it is of another format, is not a directory of Gradwatch's, or cannot be written
     */
    public void prepare() {
        try {
            Files.createDirectories(root);
            if (!Files.isWritable(root)) {
                throw Problem.usage("Data directory " + root + " cannot be written. " + WAY_OUT);
            }
            checkVersion();
            Files.createDirectories(logs());
            Files.createDirectories(cache());
            Files.createDirectories(temporary());
        } catch (FileAlreadyExistsException e) {
            throw Problem.usage("Data directory " + root + " cannot be used: " + e.getMessage()
                    + " is not a directory. " + WAY_OUT);
        } catch (IOException e) {
            throw Problem.usage("Data directory " + root + " cannot be used: " + reason(e) + ". " + WAY_OUT);
        }
    }

    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /** What only saves time and may be deleted when nothing runs. */
    public Path cache() {
        return root.resolve("cache");
    }

    /** For the files that libraries unpack. */
    public Path temporary() {
        return root.resolve("tmp");
    }

    /** By which this machine's commands prove to the service that they may read the directory. */
    public Path accessSecret() {
        return root.resolve("access.secret");
    }

    Path lockFile() {
        return root.resolve("gradwatch.lock");
    }

    Path instanceFile() {
        return root.resolve("instance.json");
    }

    private static final String WAY_OUT = "Give another one with --data-dir DIR or in GRADWATCH_HOME";

    private void checkVersion() throws IOException {
        Path file = root.resolve("VERSION");
        if (!Files.exists(file)) {
            refuseForeignContent();
            Files.writeString(file, FORMAT + "\n");
            return;
        }
        String found = Files.readString(file).strip();
        if (!found.equals(Integer.toString(FORMAT))) {
            throw Problem.usage("Data directory " + root + " has format \"" + found + "\" (file VERSION); accepted is "
                    + FORMAT + ". It was written by another version of Gradwatch. " + WAY_OUT);
        }
    }

    /** Protects a directory that was named by mistake, such as the user's documents. */
    private void refuseForeignContent() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!OURS.contains(name) && !name.startsWith(".")) {
                    throw Problem.usage("Data directory " + root + " is not one of Gradwatch's: it has no file VERSION"
                            + " but contains " + name + "; accepted is an empty or a new directory. " + WAY_OUT);
                }
            }
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replaceAll("Exception$", "") + ": " + e.getMessage();
    }
}
