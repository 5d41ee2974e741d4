package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradwatch runs compare}. */
@Command(
        name = "compare",
        description = "Show in what runs differ: parameters, results and versions beside each other.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunsCompareCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(arity = "2..8", paramLabel = "ID", description = "2 to 8 ids, as 'gradwatch runs list' prints them.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all", description = "What is equal in all runs, too.")
    private boolean all;

    @Option(names = "--json", description = "Print what the service answers, as JSON.")
    private boolean json;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    RunsCompareCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        JsonNode table = RunsApi.of(context, dataDir).comparison(ids, all);
        Terminal terminal = context.terminal();
        if (json) {
            terminal.line(table.toPrettyString());
        } else {
            List<String> lines = RunsReport.comparison(table);
            terminal.line(terminal.bold(lines.get(0)));
            lines.subList(1, lines.size()).forEach(terminal::line);
        }
        return 0;
    }
}
