package io.gradwatch.telemetry;

import io.gradwatch.telemetry.access.AccessControl;
import io.gradwatch.telemetry.access.AccessFile;
import io.gradwatch.telemetry.control.ActionPolicy;
import io.gradwatch.telemetry.control.ActionsFile;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryUnavailableException;
import io.gradwatch.telemetry.ingest.KafkaSettings;
import io.gradwatch.telemetry.lifecycle.Policy;
import io.gradwatch.telemetry.notify.NotificationSettings;
import io.gradwatch.telemetry.rulefile.RulesInForce;
import io.gradwatch.telemetry.rules.RuleDescription;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The service's command line. Exit codes: 0 ended as asked, 1 failed, 2 bad usage. */
@Command(
        name = "telemetry",
        mixinStandardHelpOptions = true,
        version = "Gradwatch telemetry service",
        description = "Reads training telemetry from Kafka, keeps its history and serves the dashboard.")
public final class TelemetryService implements Callable<Integer> {
    private static final int STOP_SECONDS = 4;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Kafka's address; several separated by commas. Default: $GRADWATCH_KAFKA.")
    private @Nullable String kafka;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties of Kafka's clients, for security and the like.")
    private @Nullable Path kafkaConfig;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where history and logs are kept. Default: $GRADWATCH_HOME, or ~/.gradwatch.")
    private @Nullable Path dataDirectory;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "0 picks a free one. Default: ${DEFAULT-VALUE}.")
    private int port = 8080;

    @Option(
            names = "--archive-after",
            paramLabel = "TIME",
            description = "Archive runs so long after their end: 7d, 12h, 30m or never."
                    + " Default: archive-after in retention.properties of the data directory, or 1d.")
    private @Nullable String archiveAfter;

    @Option(
            names = "--trim-archived",
            description = "Delete records from Kafka that are of archived runs alone."
                    + " Default: trim-archived in that file, or not.")
    private boolean trimArchived;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description =
                    "The rules, and what is changed in the standard ones. Default: rules.yaml of the data directory,"
                            + " which need not be there.")
    private @Nullable Path rules;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "Of the log file: text for people, or json, one object a line. Default:"
                    + " $GRADWATCH_LOG_FORMAT, or text.")
    private @Nullable String logFormat;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Serve encrypted, with the certificate in this PEM file; needs --tls-key.")
    private @Nullable Path tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM.")
    private @Nullable Path tlsKey;

    @Option(
            names = "--first-admin",
            paramLabel = "NAME",
            description = "Where nobody was ever given a token, give one of an admin to NAME and print it, once.")
    private @Nullable String firstAdmin;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description =
                    "Share the work with the other services of this name: each owns the runs of some partitions and"
                            + " any answers for all. Default: $GRADWATCH_GROUP, or none: this service does everything.")
    private @Nullable String group;

    @Option(
            names = "--advertise",
            paramLabel = "URL",
            description = "Where the other services of the group reach this one. Default: $GRADWATCH_ADVERTISE, or what"
                    + " --host and --port say, if that is an address of this machine alone.")
    private @Nullable String advertise;

    @Option(
            names = "--config-dir",
            paramLabel = "DIR",
            description = "Where tokens, rules, actions, notifications and retention are said; the services of a group"
                    + " share it. Default: $GRADWATCH_CONFIG_DIR, or the data directory.")
    private @Nullable Path configDirectory;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Of each topic, where the service makes them: as many services at most can share the work."
                    + " Default: $GRADWATCH_PARTITIONS, or 4. Topics that are there stay as they are.")
    private @Nullable String partitions;

    private final Map<String, String> environment = System.getenv();
    private final Ending ending = new Ending();

    /** Runs the service until it is told to end. */
    public static void main(String[] arguments) {
        int code = new CommandLine(new TelemetryService()).execute(arguments);
        System.exit(code);
    }

    @Override
    public Integer call() {
        Path data = Optional.ofNullable(dataDirectory)
                .or(() -> Optional.ofNullable(environment.get("GRADWATCH_HOME")).map(Path::of))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".gradwatch"));
        Path config = said(configDirectory == null ? null : configDirectory.toString(), "GRADWATCH_CONFIG_DIR")
                .map(Path::of)
                .orElse(data);
        KafkaSettings settings;
        Policy policy;
        NotificationSettings notifications;
        Endpoint endpoint;
        Optional<Sharing> sharing;
        try {
            endpoint = Endpoint.of(host, port, tlsCertificate, tlsKey);
            sharing = Sharing.of(
                    said(group, "GRADWATCH_GROUP").orElse(null),
                    said(advertise, "GRADWATCH_ADVERTISE").orElse(null),
                    endpoint);
            settings = settings();
            policy = Policy.of(config, archiveAfter, trimArchived);
            if (sharing.isPresent() && policy.trimArchived()) {
                throw new IllegalArgumentException(
                        "--trim-archived deletes what the next owner of a partition would have"
                                + " to read; accepted is a --group, or --trim-archived, not both");
            }
            notifications = NotificationSettings.of(config, environment);
        } catch (IllegalArgumentException e) {
            return refuse(e.getMessage());
        }
        AccessControl people;
        try {
            Files.createDirectories(data);
            Logging.toFile(data.resolve("logs").resolve("telemetry.log"), isJson());
            Files.createDirectories(config);
            AccessFile file = new AccessFile(config, Clock.systemUTC());
            String admin = firstAdmin;
            if (admin != null) {
                file.addFirst(admin).ifPresent(token -> tell(admin, token, file));
            }
            people = AccessControl.of(file, host, Clock.systemUTC());
        } catch (IllegalArgumentException e) {
            return refuse(e.getMessage());
        } catch (IOException e) {
            return refuse("cannot write " + data + ": " + e + "; accepted is a --data-dir that can be written");
        }
        try (RulesInForce inForce = RulesInForce.open(config, rules, Clock.systemUTC());
                History history = History.open(data.resolve("history"), Clock.systemUTC())) {
            ActionPolicy actions = ActionsFile.read(
                    config,
                    inForce.engine().descriptions().stream()
                            .map(RuleDescription::rule)
                            .toList());
            return serve(history, inForce, settings, data, policy, notifications, actions, endpoint, people, sharing);
        } catch (HistoryUnavailableException | IllegalArgumentException e) {
            return refuse(e.getMessage());
        }
    }

    private static void tell(String name, String token, AccessFile file) {
        System.out.println("TOKEN " + token);
        System.out.println("This is the token of " + name
                + " (admin), which the dashboard asks for. It is shown this once: only its hash is kept, in "
                + file.path() + ".");
        System.out.flush();
    }

    private boolean isJson() {
        String format = Optional.ofNullable(logFormat)
                .or(() -> Optional.ofNullable(environment.get("GRADWATCH_LOG_FORMAT")))
                .orElse("text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new IllegalArgumentException("--log-format is \"" + format + "\"; accepted is text or json");
        }
        return format.equals("json");
    }

    private KafkaSettings settings() {
        String address = Optional.ofNullable(kafka)
                .or(() -> Optional.ofNullable(environment.get("GRADWATCH_KAFKA")))
                .orElseThrow(() -> new IllegalArgumentException(
                        "--kafka is missing, and GRADWATCH_KAFKA is not set; accepted is HOST:PORT"));
        KafkaSettings settings = KafkaSettings.of(address, kafkaConfig);
        return said(partitions, "GRADWATCH_PARTITIONS")
                .map(n -> settings.withPartitions(number(n)))
                .orElse(settings);
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) == 0) {
            throw new IllegalArgumentException("--partitions is \"" + text + "\"; accepted is 1 to 9999");
        }
        return Integer.parseInt(text);
    }

    /** An option, or in its place a variable of the environment. */
    private Optional<String> said(@Nullable String option, String variable) {
        return Optional.ofNullable(option)
                .or(() -> Optional.ofNullable(environment.get(variable)))
                .filter(text -> !text.isEmpty());
    }

    private int serve(
            History history,
            RulesInForce inForce,
            KafkaSettings settings,
            Path data,
            Policy policy,
            NotificationSettings notifications,
            ActionPolicy actions,
            Endpoint endpoint,
            AccessControl people,
            Optional<Sharing> sharing) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(new FileSystemOptions()
                        .setFileCacheDir(data.resolve("cache").resolve("web").toString())));
        Optional<String> launcher = Optional.ofNullable(environment.get("GRADWATCH_LAUNCHER"));
        TelemetryVerticle telemetry = new TelemetryVerticle(
                history,
                inForce,
                settings,
                data,
                policy,
                notifications,
                actions,
                launcher,
                endpoint,
                people,
                sharing,
                ending::because);
        try {
            vertx.deployVerticle(telemetry)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            ending.listen(environment);
            System.out.println("READY " + endpoint.url(telemetry.actualPort()));
            System.out.flush();
            Optional<String> problem = ending.await();
            return problem.map(this::refuse).orElse(0);
        } catch (ExecutionException e) {
            return notStarted(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            close(vertx);
        }
    }

    private int notStarted(Throwable cause) {
        if (cause instanceof BindException) {
            return refuse("port " + port + " of " + host + " cannot be used (" + cause.getMessage()
                    + "); accepted is a free one: --port PORT, or --port 0 to pick one");
        }
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return refuse("--host is \"" + host + "\", which is no address of this machine");
        }
        if (tlsCertificate != null && isOfTls(cause)) {
            return refuse("--tls-cert " + tlsCertificate + " and --tls-key " + tlsKey + " cannot be used ("
                    + cause.getMessage()
                    + "); accepted are PEM files of a certificate and of its private key (PKCS #8)");
        }
        logger().error("The service did not start", cause);
        System.err.println("The telemetry service did not start: " + cause);
        return 1;
    }

    private static boolean isOfTls(Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            // what is no PEM is a plain RuntimeException of Vert.x
            if (e instanceof GeneralSecurityException || e instanceof SSLException || e instanceof RuntimeException) {
                return true;
            }
        }
        return false;
    }

    private static void close(Vertx vertx) {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            logger().warn("The service did not end cleanly: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int refuse(@Nullable String message) {
        System.err.println(message);
        return CommandLine.ExitCode.USAGE;
    }

    /** Not a constant: the log's place is known only after the options have been read. */
    private static Logger logger() {
        return LoggerFactory.getLogger(TelemetryService.class);
    }
}
