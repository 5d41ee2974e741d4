package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.session.ServiceFiles;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.io.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradwatch runs delete}. */
@Command(
        name = "delete",
        description = {
            "Delete a run: its history, its archive and its checkpoints, for ever.",
            "Its records in Kafka are deleted as far as no record of another run lies before them; the rest is skipped by"
                    + " every reader and goes with Kafka's retention, or when the runs before it are deleted."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunsDeleteCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "RUN", description = "Its id, as 'gradwatch runs list' prints it.")
    private String run = "";

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    RunsDeleteCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ServiceFiles service = RunningService.files(context, dataDir);
        Terminal terminal = context.terminal();
        String path = "/runs/" + ServiceFiles.encoded(run);
        if (!yes) {
            confirm(service.ask("GET", path), System.console());
        }
        terminal.progress("deleting …");
        JsonNode done = service.ask("DELETE", path);
        terminal.line("Deleted run " + run + ": "
                + Bytes.text(done.path("freed").path("total").asLong()) + " of history, archive and checkpoints");
        long trimmed = done.path("recordsTrimmed").asLong();
        terminal.line(trimmed + " records were deleted from Kafka"
                + (done.path("recordsRemain").asBoolean()
                        ? "; what is left of the run there lies behind records of other runs, and is skipped"
                        : ""));
        return 0;
    }

    private void confirm(JsonNode found, @org.jspecify.annotations.Nullable Console console) {
        if (console == null || !context.terminal().interactive()) {
            throw Problem.usage("Nobody can be asked whether to delete run " + run + "; accepted is --yes");
        }
        JsonNode bytes = found.path("diskBytes");
        context.terminal()
                .line("Run " + run + " (" + found.path("name").asText() + ", "
                        + found.path("state").asText() + "): history "
                        + Bytes.text(bytes.path("history").asLong()) + ", archive "
                        + Bytes.text(bytes.path("archive").asLong()) + ", checkpoints "
                        + Bytes.text(bytes.path("checkpoints").asLong()));
        String typed = console.readLine("Type the run's id to delete it for ever: ");
        if (!run.equals(typed == null ? "" : typed.strip())) {
            throw Problem.usage("Not deleted: that is not its id");
        }
    }
}
