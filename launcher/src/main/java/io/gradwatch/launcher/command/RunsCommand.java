package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.DataDirectoryLock;
import io.gradwatch.launcher.datadir.Instance;
import io.gradwatch.launcher.session.ServiceApi;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch runs}: what has been and is being trained, asked of the running service. */
@Command(
        name = "runs",
        description = "List runs, or show one, of the Gradwatch that runs on the data directory.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class RunsCommand implements Runnable {
    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    RunsCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: 'list' or 'show'");
    }

    @Command(
            name = "list",
            description = "List all runs, newest first.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int list(
            @Option(names = "--json", description = "Print what the service answers, as JSON.") boolean json,
            @Mixin DataDirOption dataDir) {
        List<JsonNode> runs = service(dataDir).runs();
        Terminal terminal = context.terminal();
        if (json) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode().addAll(runs);
            terminal.line(array.toPrettyString());
        } else if (runs.isEmpty()) {
            terminal.line("No runs yet. './gradwatch train vgg08' makes one.");
        } else {
            List<String> lines = RunsReport.table(runs, ZoneId.systemDefault());
            terminal.line(terminal.bold(lines.get(0)));
            lines.subList(1, lines.size()).forEach(terminal::line);
        }
        return 0;
    }

    @Command(
            name = "show",
            description = "Show one run.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int show(
            @Parameters(paramLabel = "ID", description = "Its id, as 'gradwatch runs list' prints it.") String id,
            @Option(names = "--json", description = "Print what the service answers, as JSON.") boolean json,
            @Mixin DataDirOption dataDir) {
        JsonNode run = service(dataDir).run(id);
        Terminal terminal = context.terminal();
        if (json) {
            terminal.line(run.toPrettyString());
        } else {
            terminal.line(terminal.bold(RunsReport.text(run, "id")));
            RunsReport.fields(run, ZoneId.systemDefault()).forEach(terminal::field);
        }
        return 0;
    }

    private ServiceApi service(DataDirOption dataDir) {
        DataDirectory directory = dataDir.meant(context.environment());
        Instance instance = DataDirectoryLock.running(directory)
                .orElseThrow(() -> Problem.failure("No Gradwatch runs on " + directory.root()
                        + ". Start one with './gradwatch up', or name its directory with --data-dir DIR"));
        return new ServiceApi(String.valueOf(instance.url()));
    }
}
