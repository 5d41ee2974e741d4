package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.DataDirectoryLock;
import io.gradwatch.launcher.session.BacktestApi;
import io.gradwatch.launcher.session.ServiceClient;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradwatch alerts backtest}. */
@Command(
        name = "backtest",
        description = {
            "Tell what rules would have said of recorded runs, and how well that fits the runs' labels.",
            "Without RULES those that judge live. 'gradwatch runs label RUN +healthy' labels a run."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AlertsBacktestCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(arity = "0..1", paramLabel = "RULES.yaml", description = "Rules to try, in a file.")
    @Nullable
    private Path rules;

    @Option(names = "--peers", description = "Try the rules of SageMaker Debugger, AutoTrainer and BTTackler.")
    private boolean peers;

    @Option(
            names = "--runs",
            paramLabel = "QUERY",
            defaultValue = "",
            description = "Only runs that it finds: 'label:healthy preset:vgg38*'; see docs/query.md.")
    private String runs = "";

    @Option(names = "--json", description = "Print what the service answers, with every transition, as JSON.")
    private boolean json;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    AlertsBacktestCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ObjectNode request =
                JsonNodeFactory.instance.objectNode().put("query", runs).put("transitions", json);
        rules(request);
        DataDirectory directory = dataDir.meant(context.environment());
        BacktestApi service = DataDirectoryLock.running(directory)
                .map(instance -> new BacktestApi(ServiceClient.of(directory, instance)))
                .orElseThrow(() -> Problem.failure("No Gradwatch runs on " + directory.root()
                        + ". Start one with './gradwatch up', or name its directory with --data-dir DIR"));
        Terminal terminal = context.terminal();
        terminal.progress("reading runs …");
        JsonNode result = service.run(
                request,
                at -> terminal.progress("run " + (at.path("run").asInt() + 1) + " of "
                        + at.path("runs").asInt() + ", iteration "
                        + at.path("iterations").asLong()));
        if (json) {
            terminal.line(result.toPrettyString());
        } else {
            BacktestReport.print(result, terminal);
        }
        return 0;
    }

    private void rules(ObjectNode request) {
        if (rules != null && peers) {
            throw Problem.usage("RULES.yaml and --peers exclude each other: accepted is one of them");
        }
        if (peers) {
            request.put("rules", "peers");
        } else if (rules != null) {
            try {
                request.putObject("rules").put("yaml", Files.readString(rules));
            } catch (IOException e) {
                throw Problem.usage(rules + " cannot be read; accepted is a text file in UTF-8 with rules");
            }
        }
    }
}
