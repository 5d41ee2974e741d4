package io.gradwatch.telemetry;

import io.gradwatch.telemetry.access.AccessControl;
import io.gradwatch.telemetry.audit.AuditTopic;
import io.gradwatch.telemetry.control.ActionPolicy;
import io.gradwatch.telemetry.control.RuleActions;
import io.gradwatch.telemetry.group.Membership;
import io.gradwatch.telemetry.group.Ownership;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.http.ApiRouter;
import io.gradwatch.telemetry.http.HistoryAccess;
import io.gradwatch.telemetry.http.Instances;
import io.gradwatch.telemetry.http.LiveFeed;
import io.gradwatch.telemetry.ingest.AlertOutbox;
import io.gradwatch.telemetry.ingest.IngestLoop;
import io.gradwatch.telemetry.ingest.KafkaSettings;
import io.gradwatch.telemetry.ingest.Shares;
import io.gradwatch.telemetry.lifecycle.Policy;
import io.gradwatch.telemetry.lifecycle.PolicyLoop;
import io.gradwatch.telemetry.lifecycle.RunLifecycle;
import io.gradwatch.telemetry.live.LiveHub;
import io.gradwatch.telemetry.notify.KnownRun;
import io.gradwatch.telemetry.notify.NotificationSettings;
import io.gradwatch.telemetry.notify.Notifier;
import io.gradwatch.telemetry.outbox.AlertPublisher;
import io.gradwatch.telemetry.outbox.AnnotationPublisher;
import io.gradwatch.telemetry.outbox.AuditPublisher;
import io.gradwatch.telemetry.outbox.CommandPublisher;
import io.gradwatch.telemetry.outbox.GroupOutbox;
import io.gradwatch.telemetry.outbox.PublishedAlerts;
import io.gradwatch.telemetry.rulefile.RulesInForce;
import io.gradwatch.telemetry.runs.Attention;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/** The parts of the service and how they hang together. */
final class TelemetryVerticle extends VerticleBase {
    private static final long LOOK_AT_TOKENS_EVERY_MS = 1_000;

    private final History history;
    private final RulesInForce rules;
    private final KafkaSettings kafka;
    private final Endpoint endpoint;
    private final AccessControl people;
    private final Optional<Sharing> sharing;
    private final IngestLoop.Fatal fatal;
    private final Path data;
    private final Policy policy;
    private final NotificationSettings notifications;
    private final ActionPolicy actions;
    private final Optional<String> launcher;
    private final Clock clock = Clock.systemUTC();

    private @Nullable IngestLoop ingest;
    private @Nullable Membership membership;
    private @Nullable PolicyLoop policyLoop;
    private @Nullable Notifier notifier;
    private @Nullable AlertPublisher publisher;
    private @Nullable AnnotationPublisher annotations;
    private @Nullable CommandPublisher commands;
    private @Nullable AuditPublisher audit;
    private @Nullable LiveHub hub;
    private @Nullable ApiRouter api;
    private @Nullable HttpServer server;

    TelemetryVerticle(
            History history,
            RulesInForce rules,
            KafkaSettings kafka,
            Path data,
            Policy policy,
            NotificationSettings notifications,
            ActionPolicy actions,
            Optional<String> launcher,
            Endpoint endpoint,
            AccessControl people,
            Optional<Sharing> sharing,
            IngestLoop.Fatal fatal) {
        this.history = history;
        this.rules = rules;
        this.data = data;
        this.policy = policy;
        this.notifications = notifications;
        this.actions = actions;
        this.launcher = launcher;
        this.kafka = kafka;
        this.endpoint = endpoint;
        this.people = people;
        this.sharing = sharing;
        this.fatal = fatal;
    }

    @Override
    public Future<?> start() {
        HistoryAccess access = new HistoryAccess(vertx, history);
        LiveHub hub = new LiveHub(vertx, access);
        LiveFeed feed = new LiveFeed(hub, history, access, clock);
        AlertPublisher publisher = new AlertPublisher(() -> new KafkaProducer<>(kafka.producer()));
        AnnotationPublisher annotations =
                new AnnotationPublisher(() -> new KafkaProducer<>(kafka.annotationProducer()), clock);
        CommandPublisher commands = new CommandPublisher(() -> new KafkaProducer<>(kafka.commandProducer()), clock);
        AuditPublisher audit = new AuditPublisher(() -> new KafkaProducer<>(kafka.auditProducer()), clock);
        Function<String, Attention> attention = id ->
                Attention.of(history.runs().find(id).map(RunSummary::annotation).orElse(null));
        Optional<Ownership> ownership =
                sharing.map(with -> new Ownership(with.url(), Duration.ofMillis(kafka.sessionMs()), System::nanoTime));
        AlertOutbox alerts = ownership
                .<AlertOutbox>map(own -> new GroupOutbox(
                        publisher,
                        new PublishedAlerts(() -> new KafkaConsumer<>(kafka.publishedConsumer())),
                        own::ownsWhatIsRead))
                .orElse(publisher);
        RuleActions outbox = new RuleActions(
                alerts, () -> ActionsOfRules.of(rules.rules()).before(actions), commands, attention, clock);
        IngestLoop ingest = IngestLoop.of(
                kafka,
                history.writer(),
                rules::engine,
                feed,
                outbox,
                commands,
                clock,
                history.room(),
                ownership.<Shares>map(own -> own).orElse(Shares.ALL),
                fatal);
        RunLifecycle lifecycle = RunLifecycle.of(history, data, kafka, ingest::adopt, clock);
        PolicyLoop policyLoop = new PolicyLoop(history, lifecycle, policy, clock);
        Notifier notifier;
        try {
            notifier = Notifier.of(
                    notifications,
                    data,
                    () -> new KafkaConsumer<>(sharing.map(with -> kafka.notificationConsumer(with.group()))
                            .orElseGet(kafka::notificationConsumer)),
                    id -> history.runs().find(id).map(run -> new KnownRun(run.name(), Attention.of(run.annotation()))),
                    () -> ownership.map(Ownership::owned),
                    clock);
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        Optional<Instances> instances = ownership.flatMap(own -> sharing.map(with -> new Instances(
                vertx,
                own,
                with.group(),
                with.url(),
                kafka.sessionMs() / 1_000,
                endpoint.tls().map(Endpoint.Tls::certificate),
                people)));
        ApiRouter api = new ApiRouter(
                vertx,
                history,
                hub,
                access,
                rules,
                ingest::status,
                lifecycle,
                annotations,
                notifier,
                commands,
                launcher,
                kafka.bootstrap(),
                people,
                audit,
                new AuditTopic(() -> new KafkaConsumer<>(kafka.auditConsumer())),
                instances,
                clock);
        this.membership = ownership
                .flatMap(own ->
                        sharing.map(with -> new Membership(kafka, with.group(), with.url(), own, fatal::because)))
                .orElse(null);
        this.audit = audit;
        this.hub = hub;
        this.publisher = publisher;
        this.annotations = annotations;
        this.commands = commands;
        this.ingest = ingest;
        this.api = api;
        this.policyLoop = policyLoop;
        this.notifier = notifier;

        HttpServerOptions options = LiveHub.configure(endpoint.serverOptions());
        vertx.setPeriodic(LOOK_AT_TOKENS_EVERY_MS, timer -> {
            var unused = vertx.executeBlocking(() -> {
                people.refresh();
                return true;
            });
        });
        return vertx.createHttpServer(options)
                .requestHandler(api.router())
                .listen()
                .onSuccess(listening -> {
                    server = listening;
                    rules.start();
                    ingest.start();
                    Membership member = membership;
                    if (member != null) {
                        member.start();
                    }
                    policyLoop.start();
                    notifier.start();
                });
    }

    /** The port that is served; for any thread, once deployed. */
    int actualPort() {
        HttpServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("not started");
        }
        return listening.actualPort();
    }

    @Override
    public Future<?> stop() {
        IngestLoop ingest = this.ingest;
        Membership membership = this.membership;
        PolicyLoop policyLoop = this.policyLoop;
        Notifier notifier = this.notifier;
        AlertPublisher publisher = this.publisher;
        AnnotationPublisher annotations = this.annotations;
        CommandPublisher commands = this.commands;
        AuditPublisher audit = this.audit;
        LiveHub hub = this.hub;
        ApiRouter api = this.api;
        return vertx.executeBlocking(() -> {
                    if (policyLoop != null) {
                        policyLoop.close();
                    }
                    if (ingest != null && publisher != null) {
                        ingest.stop();
                        publisher.close();
                    }
                    if (membership != null) {
                        membership.close();
                    }
                    if (annotations != null) {
                        annotations.close();
                    }
                    if (notifier != null) {
                        notifier.close();
                    }
                    if (commands != null) {
                        commands.close();
                    }
                    if (audit != null) {
                        audit.close();
                    }
                    return true;
                })
                .eventually(() -> hub == null ? Future.succeededFuture() : hub.close())
                .eventually(() -> api == null ? Future.succeededFuture() : api.close());
    }
}
