package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gradwatch.launcher.terminal.Terminal;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
        description = "Find, show, compare and describe the runs of the Gradwatch that runs on the data directory.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class RunsCommand implements Runnable {
    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    private RunsCommand(Context context) {
        this.context = context;
    }

    /** The command with its subcommands. */
    static CommandLine of(Context context) {
        CommandLine runs = new CommandLine(new RunsCommand(context))
                .addSubcommand(new RunsTailCommand(context))
                .addSubcommand(RunsWordsCommand.tags(context))
                .addSubcommand(RunsWordsCommand.labels(context))
                .addSubcommand(new RunsRenameCommand(context))
                .addSubcommand(new RunsNoteCommand(context))
                .addSubcommand(new RunsCompareCommand(context));
        RunsControlCommand.addTo(runs, context);
        return runs;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing command: 'list', 'show', 'tail', 'tag', 'rename', 'note', 'label', 'compare', 'pause', 'resume',"
                        + " 'stop', 'checkpoint' or 'lr'");
    }

    @Command(
            name = "list",
            description = "List runs, newest first.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int list(
            @Parameters(
                            paramLabel = "QUERY",
                            arity = "0..*",
                            description = "Only those that it finds: preset:vgg38 'lr<0.01' state:finished -tag:old;"
                                    + " see docs/query.md.")
                    @Nullable
                    List<String> query,
            @Option(
                            names = "--sort",
                            paramLabel = "FIELDS",
                            defaultValue = "",
                            description = "Fields of that language, - before one that sorts downwards:"
                                    + " -best_accuracy,started. Default: -started.")
                    String sort,
            @Option(names = "--limit", paramLabel = "N", description = "Most runs. Default: all.") @Nullable
                    Integer limit,
            @Option(names = "--json", description = "Print what the service answers, as JSON.") boolean json,
            @Mixin DataDirOption dataDir) {
        if (limit != null && limit < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--limit is " + limit + "; accepted is a whole number from 1");
        }
        String asked = query == null ? "" : String.join(" ", query);
        List<JsonNode> runs = RunsApi.of(context, dataDir).runs(asked, sort, limit == null ? Integer.MAX_VALUE : limit);
        Terminal terminal = context.terminal();
        if (json) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode().addAll(runs);
            terminal.line(array.toPrettyString());
        } else if (runs.isEmpty() && !asked.isBlank()) {
            terminal.line("No run is found by: " + asked);
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
        JsonNode run = RunsApi.of(context, dataDir).run(id);
        Terminal terminal = context.terminal();
        if (json) {
            terminal.line(run.toPrettyString());
        } else {
            terminal.line(terminal.bold(RunsReport.text(run, "id")));
            RunsReport.fields(run, ZoneId.systemDefault()).forEach(terminal::field);
        }
        return 0;
    }
}
