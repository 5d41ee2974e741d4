package io.gradwatch.launcher.command;

import io.gradwatch.launcher.datadir.DataDirectory;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --data-dir}. */
final class DataDirOption {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where everything is kept (else GRADWATCH_HOME, else ~/.gradwatch).")
    private @Nullable Path directory;

    DataDirectory meant(Map<String, String> environment) {
        return DataDirectory.meant(directory, environment);
    }
}
