package io.gradwatch.launcher.command;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.session.Backend;
import io.gradwatch.launcher.session.StopSignal;
import io.gradwatch.launcher.terminal.Terminal;
import io.gradwatch.launcher.twin.Twins;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gradwatch up}: the broker and the dashboard, until Ctrl-C. */
@Command(
        name = "up",
        description = "Start the broker and the dashboard; trainers join with 'gradwatch train'. Ctrl-C ends it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class UpCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private DashboardOptions dashboard = new DashboardOptions();

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    UpCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        DataDirectory directory = dataDir.meant(context.environment());
        KafkaAddress elsewhere = kafka.elsewhere(context.environment());
        StopSignal stop = StopSignal.install();
        terminal.progress("starting …");
        String name = Twins.newLauncherName();
        try (Backend backend = Backend.start(
                        context.installation(), directory, elsewhere, dashboard.dashboard(), terminal, name);
                Twins twins = Dashboards.twins(context, name, directory, backend)) {
            stop.onForce(backend::kill);
            stop.onForce(twins::kill);
            if (Dashboards.await(backend, stop)) {
                terminal.line(terminal.bold("Gradwatch " + Version.number()));
                terminal.field("Dashboard", terminal.link(backend.url()));
                terminal.field("Kafka", backend.kafka().bootstrap() + (backend.embedded() ? " (embedded)" : ""));
                terminal.field("Directory", directory.root().toString());
                terminal.line("Ctrl-C ends it.");
                CompletableFuture.anyOf(backend.failed(), stop.requested()).join();
                Dashboards.throwIfFailed(backend);
            }
            terminal.progress("stopping …");
        }
        terminal.endProgress();
        return 0;
    }
}
