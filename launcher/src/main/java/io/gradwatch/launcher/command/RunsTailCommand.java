package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.session.ServiceApi;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch runs tail}: a line whenever a run has gone on, until it ends. */
@Command(
        name = "tail",
        description = "Follow a run: a line a second while it goes on, until it ends.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunsTailCommand implements Callable<Integer> {
    private static final List<String> ENDED = List.of("finished", "stopped", "failed");
    private static final long EVERY_MS = 1_000;

    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "Its id, as 'gradwatch runs list' prints it.")
    private String id = "";

    @Option(names = "--lines", paramLabel = "N", description = "End after so many lines.")
    private int lines = Integer.MAX_VALUE;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    RunsTailCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (lines < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--lines is " + lines + "; accepted is a whole number from 1");
        }
        ServiceApi service = RunsApi.of(context, dataDir);
        Terminal terminal = context.terminal();
        String before = "";
        for (int printed = 0; printed < lines; ) {
            JsonNode run = service.run(id);
            String line = RunsReport.line(run);
            if (!line.equals(before)) {
                before = line;
                printed++;
                terminal.line(line);
            }
            if (ENDED.contains(RunsReport.text(run, "state"))) {
                break;
            }
            if (printed < lines) {
                rest();
            }
        }
        return 0;
    }

    private static void rest() {
        try {
            Thread.sleep(EVERY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failure("Interrupted");
        }
    }
}
