package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.session.ServiceFiles;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gradwatch runs archive}. */
@Command(
        name = "archive",
        description = "Keep a run that has ended as Parquet files in the data directory, now.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunsArchiveCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "RUN", description = "Its id, as 'gradwatch runs list' prints it.")
    private String run = "";

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    RunsArchiveCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        JsonNode answer =
                RunningService.files(context, dataDir).ask("POST", "/runs/" + ServiceFiles.encoded(run) + "/archive");
        context.terminal()
                .line("Archived run " + answer.path("id").asText() + ", "
                        + Bytes.text(answer.path("bytes").asLong()));
        return 0;
    }
}
