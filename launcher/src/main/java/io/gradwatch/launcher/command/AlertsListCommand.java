package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.session.ServiceFiles;
import io.gradwatch.launcher.terminal.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradwatch alerts list}. */
@Command(
        name = "list",
        description = "List alerts, newest first.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AlertsListCommand implements Callable<Integer> {
    private static final String MOST = "500";

    private final Context context;

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "Only those of this run.")
    @Nullable
    private String run;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those that are pending, firing, recovering, resolved, suppressed or 'no data'.")
    @Nullable
    private String state;

    @Option(names = "--json", description = "Print what the service answers, as JSON.")
    private boolean json;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    AlertsListCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String path = (run == null ? "" : "/runs/" + ServiceFiles.encoded(run)) + "/alerts?limit=" + MOST
                + (state == null ? "" : "&state=" + ServiceFiles.encoded(state));
        JsonNode items = RunningService.files(context, dataDir).ask("GET", path).path("items");
        Terminal terminal = context.terminal();
        if (json) {
            terminal.line(items.toPrettyString());
        } else if (items.isEmpty()) {
            terminal.line("No alerts.");
        }
        for (JsonNode alert : json ? java.util.List.<JsonNode>of() : items) {
            terminal.line(alert.path("severity").asText() + "  "
                    + alert.path("state").asText() + attention(alert) + "  "
                    + alert.path("rule").asText() + "  " + alert.path("runId").asText() + ", from iteration "
                    + alert.path("firstIteration").asLong() + ": "
                    + alert.path("message").asText());
        }
        return 0;
    }

    private static String attention(JsonNode alert) {
        JsonNode seen = alert.path("acknowledged");
        JsonNode silence = alert.path("silenced");
        return (seen.isObject() ? " (acknowledged by " + seen.path("by").asText() + ")" : "")
                + (silence.isObject()
                        ? " (silent until " + silence.path("until").asText() + ")"
                        : "");
    }
}
