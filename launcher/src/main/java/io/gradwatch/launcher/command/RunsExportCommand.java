package io.gradwatch.launcher.command;

import io.gradwatch.launcher.session.ServiceFiles;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradwatch runs export}. */
@Command(
        name = "export",
        description = "Write a run to a file, with all rows of all attempts.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunsExportCommand implements Callable<Integer> {
    private static final List<String> FORMATS = List.of("csv", "json", "jsonl", "parquet", "tensorboard");

    private final Context context;

    @Parameters(paramLabel = "RUN", description = "Its id, as 'gradwatch runs list' prints it.")
    private String run = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "parquet",
            description =
                    "parquet (a zip file of all tables, which 'runs import' takes), tensorboard (an event file of all"
                            + " scalars), or csv, json, jsonl (one table). Default: ${DEFAULT-VALUE}.")
    private String format = "parquet";

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "For csv, json and jsonl: iterations (the default), layers, layer_samples, batch_norms,"
                    + " histograms, epochs or alerts.")
    private @Nullable String table;

    @Option(
            names = "--out",
            paramLabel = "PATH",
            description = "File to write, or the folder for it. Default: a file named after the run, here.")
    private @Nullable Path out;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    RunsExportCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (!FORMATS.contains(format)) {
            throw Problem.usage("--format is \"" + format + "\"; accepted is " + String.join(", ", FORMATS));
        }
        Path file = out == null ? Path.of(fileName()) : Files.isDirectory(out) ? out.resolve(fileName()) : out;
        String path = "/runs/" + ServiceFiles.encoded(run) + "/export?format=" + format
                + (table == null ? "" : "&table=" + ServiceFiles.encoded(table));
        Terminal terminal = context.terminal();
        long[] told = {0};
        long bytes = RunningService.files(context, dataDir).download(path, file, n -> {
            if (n - told[0] >= 1 << 20) {
                told[0] = n;
                terminal.progress(String.format(Locale.ROOT, "%.0f MB", n / 1e6));
            }
        });
        terminal.line(file + "  " + Bytes.text(bytes));
        return 0;
    }

    private String fileName() {
        return switch (format) {
            case "parquet" -> run + ".zip";
            case "tensorboard" -> "events.out.tfevents." + run;
            default -> run + "-" + (table == null ? "iterations" : table) + "." + format;
        };
    }
}
