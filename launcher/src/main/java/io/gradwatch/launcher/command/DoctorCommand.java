package io.gradwatch.launcher.command;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.broker.Ports;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.DataDirectoryLock;
import io.gradwatch.launcher.datadir.Instance;
import io.gradwatch.launcher.doctor.Finding;
import io.gradwatch.launcher.doctor.Findings;
import io.gradwatch.launcher.doctor.Machine;
import io.gradwatch.launcher.session.Dashboard;
import io.gradwatch.launcher.session.ServiceApi;
import io.gradwatch.launcher.session.ServiceClient;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradwatch doctor}. */
@Command(
        name = "doctor",
        description = "Look whether this machine can run Gradwatch, and tell what to do where it cannot.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = "%nExit codes: 0 all is well, 1 something is wrong.")
final class DoctorCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--port",
            paramLabel = "N",
            converter = DashboardOptions.Port.class,
            defaultValue = "" + Dashboard.DEFAULT_PORT,
            description = "Port that the dashboard is to have (default: ${DEFAULT-VALUE}).")
    private int port;

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    DoctorCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        DataDirectory directory = dataDir.meant(context.environment());
        Optional<Instance> running = DataDirectoryLock.running(directory);
        Path tokens = directory.root().resolve("access.tokens");
        context.terminal().progress("looking …");
        List<Finding> findings = List.of(
                Findings.java(Runtime.version().feature(), Runtime.version().toString()),
                Findings.memory(Machine.availableMemory()),
                Findings.nativeLibrary(
                        System.getProperty("os.name", ""), System.getProperty("os.arch", ""), Machine.cpuFlags()),
                Findings.disk(directory.root(), Machine.usableSpace(directory.root())),
                Findings.port(
                        port,
                        Ports.isFree(InetAddress.getLoopbackAddress(), port),
                        running.map(instance -> String.valueOf(instance.url()))),
                kafka(running),
                Findings.clock(running.flatMap(instance -> skew(directory, instance))),
                Findings.tokens(tokens, Machine.isOpenToOthers(tokens)));
        findings.forEach(this::print);
        return findings.stream().anyMatch(f -> f.state() == Finding.State.WRONG) ? 1 : 0;
    }

    private Finding kafka(Optional<Instance> running) {
        KafkaAddress address;
        try {
            address = Optional.ofNullable(kafka.elsewhere(context.environment()))
                    .or(() -> running.flatMap(DoctorCommand::kafkaOf))
                    .orElse(null);
        } catch (Problem e) {
            return Findings.kafka(Optional.of(""), Optional.of(String.valueOf(e.getMessage())));
        }
        if (address == null) {
            return Findings.kafka(Optional.empty(), Optional.empty());
        }
        try {
            address.requireAnswer();
            return Findings.kafka(Optional.of(address.bootstrap()), Optional.empty());
        } catch (Problem e) {
            return Findings.kafka(Optional.of(address.bootstrap()), Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private static Optional<KafkaAddress> kafkaOf(Instance instance) {
        String address = instance.kafka();
        String configuration = instance.kafkaConfig();
        return address == null
                ? Optional.empty()
                : Optional.of(new KafkaAddress(address, configuration == null ? null : Path.of(configuration)));
    }

    private static Optional<Duration> skew(DataDirectory directory, Instance instance) {
        try {
            ServiceApi service = new ServiceApi(ServiceClient.of(directory, instance));
            service.status(); // the first one connects, which may take longer there than back
            Instant before = Instant.now();
            String now = service.status().path("now").asText();
            Duration took = Duration.between(before, Instant.now());
            return Optional.of(Duration.between(before.plus(took.dividedBy(2)), Instant.parse(now)));
        } catch (Problem | DateTimeException e) {
            return Optional.empty();
        }
    }

    private void print(Finding finding) {
        Terminal terminal = context.terminal();
        String sign = switch (finding.state()) {
            case OK -> "ok";
            case WARNING -> "beware";
            case WRONG -> "WRONG";
            case SKIPPED -> "-";
        };
        terminal.field(finding.what(), String.format("%-7s", sign) + finding.detail());
        if (!finding.advice().isEmpty()) {
            terminal.field("", "       " + terminal.yellow(finding.advice()));
        }
    }
}
