package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.launcher.session.ServiceFiles;
import io.gradwatch.launcher.terminal.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradwatch alerts acknowledge}. */
@Command(
        name = "acknowledge",
        description = {
            "Say that you have seen the open alerts of a run and take care of them.",
            "They stay open; nobody is told of them any more, but when one gets worse or is over."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AlertsAcknowledgeCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "RUN", description = "Its id, as 'gradwatch runs list' prints it.")
    private String run = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "RULE", description = "Only the alerts of this rule.")
    private @Nullable String rule;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who you are. Default: the name that you are logged in as.")
    private @Nullable String by;

    @Option(names = "--note", paramLabel = "TEXT", description = "What you are going to do, for the others.")
    private @Nullable String note;

    @Option(names = "--undo", description = "Take it back.")
    private boolean undo;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    AlertsAcknowledgeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ServiceFiles service = RunningService.files(context, dataDir);
        String path = "/runs/" + ServiceFiles.encoded(run) + "/alerts";
        List<JsonNode> meant = new ArrayList<>();
        for (JsonNode alert : service.ask("GET", path + "?limit=500").path("items")) {
            boolean is = undo
                    ? !alert.path("acknowledged").isNull()
                    : !alert.path("state").asText().equals("resolved");
            if (is && (rule == null || rule.equals(alert.path("rule").asText()))) {
                meant.add(alert);
            }
        }
        if (meant.isEmpty()) {
            throw Problem.failure("Run " + run + " has no " + (undo ? "acknowledged" : "open") + " alert"
                    + (rule == null ? "" : " of the rule " + rule)
                    + "; 'gradwatch alerts list " + run + "' shows those it has");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("by", by == null ? Context.user() : by);
        if (note != null) {
            body.put("note", note);
        }
        for (JsonNode alert : meant) {
            String one = path + "/" + ServiceFiles.encoded(alert.path("id").asText()) + "/acknowledgement";
            if (undo) {
                service.ask("DELETE", one);
            } else {
                service.ask("PUT", one, body);
            }
            context.terminal()
                    .line((undo ? "taken back: " : "acknowledged: ")
                            + alert.path("rule").asText() + ", "
                            + alert.path("severity").asText() + ", from iteration "
                            + alert.path("firstIteration").asLong());
        }
        return 0;
    }
}
