package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.launcher.session.ServiceFiles;
import io.gradwatch.launcher.terminal.Terminal;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch alerts silence}. */
@Command(
        name = "silence",
        description = {
            "For a while, tell nobody of a run's alerts, and let no rule act on it; or show the run's silences.",
            "Alerts are recorded and shown as ever."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AlertsSilenceCommand implements Callable<Integer> {
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([mhd])");

    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN", description = "Its id, as 'gradwatch runs list' prints it.")
    private String run = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "RULE",
            description = "Only this rule's. Default: all rules'.")
    private @Nullable String rule;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "How long: 30m, 8h or 2d. Without it the silences are shown.")
    private @Nullable String duration;

    @Option(names = "--end", description = "End the silence now.")
    private boolean end;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who you are. Default: the name that you are logged in as.")
    private @Nullable String by;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the others.")
    private @Nullable String reason;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    AlertsSilenceCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (end && duration != null) {
            throw new ParameterException(
                    spec.commandLine(), "--for and --end exclude each other: accepted is one of them");
        }
        int minutes = duration == null ? 0 : minutes(duration);
        ServiceFiles service = RunningService.files(context, dataDir);
        String path = "/runs/" + ServiceFiles.encoded(run) + "/silences";
        if (end) {
            service.ask("DELETE", path + (rule == null ? "" : "?rule=" + ServiceFiles.encoded(rule)));
        } else if (minutes > 0) {
            ObjectNode body = JsonNodeFactory.instance
                    .objectNode()
                    .put("rule", rule)
                    .put("minutes", minutes)
                    .put("by", by == null ? Context.user() : by);
            if (reason != null) {
                body.put("reason", reason);
            }
            service.ask("PUT", path, body);
        }
        show(service.ask("GET", path).path("items"));
        return 0;
    }

    private void show(JsonNode silences) {
        Terminal terminal = context.terminal();
        if (silences.isEmpty()) {
            terminal.line("No silences: alerts of " + run + " are told to all channels.");
        }
        for (JsonNode silence : silences) {
            String why = silence.path("reason").asText();
            terminal.line("silent until " + silence.path("until").asText() + ": "
                    + (silence.path("rule").isNull()
                            ? "all rules"
                            : silence.path("rule").asText())
                    + ", by " + silence.path("by").asText() + (why.isEmpty() ? "" : ": " + why));
        }
    }

    private int minutes(String text) {
        Matcher form = DURATION.matcher(text);
        if (form.matches()) {
            long minutes = Long.parseLong(form.group(1))
                    * switch (form.group(2)) {
                        case "m" -> 1;
                        case "h" -> 60;
                        default -> 24 * 60;
                    };
            if (minutes <= 366 * 24 * 60) {
                return (int) minutes;
            }
        }
        throw new ParameterException(
                spec.commandLine(), "--for is \"" + text + "\"; accepted is 1m to 366d: 30m, 8h, 2d");
    }
}
