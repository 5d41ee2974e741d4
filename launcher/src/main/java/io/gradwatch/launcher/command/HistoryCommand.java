package io.gradwatch.launcher.command;

import io.gradwatch.launcher.session.HistoryRebuild;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch history}: the file that everything shown comes from. */
@Command(
        name = "history",
        description = "Make history again from Kafka.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class HistoryCommand implements Runnable {
    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    HistoryCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: 'rebuild'");
    }

    @Command(
            name = "rebuild",
            description = {
                "Make history again from the records in Kafka, while no Gradwatch runs on the data directory.",
                "What Kafka has deleted is kept from the old history, or taken from the archive, and named. The old"
                        + " history stays until the new one is complete and compared with it, row for row."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int rebuild(
            @Option(
                            names = "--accept-differences",
                            description = "Put the new history in place also if it differs from the old one.")
                    boolean acceptDifferences,
            @Option(
                            names = "--rules",
                            paramLabel = "FILE",
                            description = "Rules that make the alerts (default: rules.yaml of the data directory).")
                    @Nullable
                    Path rules,
            @Mixin KafkaOptions kafka,
            @Mixin DataDirOption dataDir) {
        return HistoryRebuild.run(
                context.installation(),
                dataDir.meant(context.environment()),
                kafka.elsewhere(context.environment()),
                rules,
                acceptDifferences,
                context.terminal());
    }
}
