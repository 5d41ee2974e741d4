package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.terminal.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradwatch alerts notifications}. */
@Command(
        name = "notifications",
        description = "Show how the channels of notifications do, and what could not be delivered.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AlertsNotificationsCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--retry", paramLabel = "ID", description = "Try an undelivered one again.")
    @Nullable
    private Long retry;

    @Option(names = "--forget", paramLabel = "ID", description = "Forget an undelivered one.")
    @Nullable
    private Long forget;

    @Option(names = "--json", description = "Print what the service answers, as JSON.")
    private boolean json;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    AlertsNotificationsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var service = RunningService.files(context, dataDir);
        JsonNode status = retry != null
                ? service.ask("POST", "/notifications/" + retry + "/retry")
                : forget != null
                        ? service.ask("DELETE", "/notifications/" + forget)
                        : service.ask("GET", "/notifications");
        Terminal terminal = context.terminal();
        if (json) {
            terminal.line(status.toPrettyString());
            return 0;
        }
        if (status.path("channels").isEmpty()) {
            terminal.line("Nobody is told of alerts. Name a channel in notifications.properties of the data directory;"
                    + " docs/notifications.md has examples.");
        }
        for (JsonNode channel : status.path("channels")) {
            terminal.line(
                    channel.path("name").asText() + ": " + channel.path("kind").asText() + " to "
                            + channel.path("target").asText() + ", "
                            + channel.path("state").asText() + "; "
                            + channel.path("delivered").asLong() + " delivered, "
                            + channel.path("queued").asLong() + " waiting"
                            + (channel.path("problem").isNull()
                                    ? ""
                                    : "; " + channel.path("problem").asText()));
        }
        for (JsonNode one : status.path("undelivered")) {
            terminal.line("not delivered " + one.path("id").asLong() + ": "
                    + one.path("channel").asText() + ", " + one.path("runName").asText() + ", "
                    + one.path("rule").asText() + " " + one.path("state").asText() + ": "
                    + one.path("problem").asText());
        }
        return 0;
    }
}
