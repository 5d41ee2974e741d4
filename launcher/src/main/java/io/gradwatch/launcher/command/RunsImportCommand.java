package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.session.ServiceFiles;
import io.gradwatch.launcher.terminal.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradwatch runs import}. */
@Command(
        name = "import",
        description =
                "Take a run from a file that 'runs export --format parquet' wrote, or from a TensorBoard event file.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunsImportCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "PATH", description = "The file.")
    private Path file = Path.of("");

    @Option(
            names = "--as",
            paramLabel = "NEWID",
            description = "Id of the run from now on, if not the one that it had.")
    private @Nullable String as;

    @Option(names = "--partial", description = "Of a damaged event file, take what lies before the damaged place.")
    private boolean partial;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    RunsImportCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (!Files.isRegularFile(file)) {
            throw Problem.usage(file + " is not a file; accepted is a run exported as Parquet, or an event file");
        }
        String path = "/runs/import?name=" + ServiceFiles.encoded(String.valueOf(file.getFileName()))
                + (as == null ? "" : "&as=" + ServiceFiles.encoded(as))
                + (partial ? "&partial=true" : "");
        context.terminal().progress("importing …");
        JsonNode answer = RunningService.files(context, dataDir).upload(path, file);
        context.terminal().line("Imported run " + answer.path("id").asText());
        answer.path("notes").forEach(note -> context.terminal().line("  " + note.asText()));
        return 0;
    }
}
