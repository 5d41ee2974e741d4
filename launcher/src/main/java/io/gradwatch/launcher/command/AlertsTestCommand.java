package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.session.ServiceFiles;
import io.gradwatch.launcher.terminal.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gradwatch alerts test}. */
@Command(
        name = "test",
        description = "Send a test through the channels of notifications, and tell what each receiver said.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AlertsTestCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(arity = "0..1", paramLabel = "CHANNEL", description = "Only this one. Default: all.")
    @Nullable
    private String channel;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    AlertsTestCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String path = "/notifications/test" + (channel == null ? "" : "?channel=" + ServiceFiles.encoded(channel));
        JsonNode items =
                RunningService.files(context, dataDir).ask("POST", path).path("items");
        Terminal terminal = context.terminal();
        if (items.isEmpty()) {
            terminal.line("Nobody is told of alerts. Name a channel in notifications.properties of the data directory;"
                    + " docs/notifications.md has examples.");
            return 1;
        }
        boolean all = true;
        for (JsonNode item : items) {
            boolean delivered = item.path("delivered").asBoolean();
            all &= delivered;
            terminal.line(item.path("channel").asText() + ": "
                    + (delivered
                            ? "delivered"
                            : "not delivered: " + item.path("problem").asText()));
        }
        return all ? 0 : 1;
    }
}
