package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.session.RuleCheck;
import io.gradwatch.launcher.terminal.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradwatch alerts rules}. */
@Command(
        name = "rules",
        description = "Show the rules in force and whether the rule file is used, or look for mistakes in a file.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AlertsRulesCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--check",
            paramLabel = "FILE",
            description =
                    "Name every mistake in this file; needs no running Gradwatch. Exit code 1 where there is one.")
    private @Nullable Path check;

    @Option(names = "--json", description = "Print what the service answers, as JSON.")
    private boolean json;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    AlertsRulesCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (check != null) {
            DataDirectory directory = dataDir.meant(context.environment());
            directory.prepare();
            return RuleCheck.run(context.installation(), directory, check);
        }
        JsonNode rules = RunsApi.of(context, dataDir).rules();
        if (json) {
            context.terminal().line(rules.toPrettyString());
        } else {
            print(rules, context.terminal());
        }
        return 0;
    }

    /** Rules, one a line, then how it is with the file. */
    static void print(JsonNode rules, Terminal terminal) {
        for (JsonNode rule : rules.path("items")) {
            String name = rule.path("rule").asText();
            String what =
                    rule.path("enabled").asBoolean(true) ? rule.path("severity").asText() : "off";
            terminal.line(terminal.bold(String.format("%-20s", name))
                    + String.format(" %-9s", what)
                    + rule.path("description").asText());
            rule.path("changes").forEach(change -> terminal.line(" ".repeat(30) + "changed: " + change.asText()));
            JsonNode action = rule.path("action");
            if (action.isObject()) {
                terminal.line(" ".repeat(30) + "action: " + action.path("do").asText()
                        + (action.path("dryRun").asBoolean() ? " (dry run)" : ""));
            }
        }
        JsonNode file = rules.path("file");
        String path = file.path("path").asText();
        switch (file.path("state").asText()) {
            case "absent" -> terminal.line(path + " is not there: the standard rules are in force.");
            case "valid" -> terminal.line(path + " is in force.");
            default -> {
                terminal.line(path + " is not used; the rules above stay in force. What is wrong with it:");
                file.path("problems")
                        .forEach(p -> terminal.line("  line " + p.path("line").asInt() + ", column "
                                + p.path("column").asInt() + ": "
                                + p.path("message").asText()));
            }
        }
    }
}
