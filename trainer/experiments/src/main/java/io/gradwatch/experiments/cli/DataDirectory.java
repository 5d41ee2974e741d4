package io.gradwatch.experiments.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where Gradwatch keeps its files: {@code --data-dir}, else {@code GRADWATCH_HOME}, else {@code ~/.gradwatch}. */
record DataDirectory(Path path) {
    static DataDirectory of(@Nullable Path option, Map<String, String> environment) {
        if (option != null) {
            return new DataDirectory(option.toAbsolutePath().normalize());
        }
        String home = environment.get("GRADWATCH_HOME");
        Path path =
                home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".gradwatch") : Path.of(home);
        return new DataDirectory(path.toAbsolutePath().normalize());
    }

    /** What the command line needs to name this directory: nothing where it is the default. */
    String option() {
        return equals(of(null, Map.of())) ? "" : " --data-dir " + path;
    }

    Path checkpoints() {
        return path.resolve("checkpoints");
    }

    Path datasets() {
        return path.resolve("datasets");
    }
}
