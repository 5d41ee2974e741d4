package io.gradwatch.launcher.session;

import io.gradwatch.launcher.broker.EmbeddedBroker;
import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.DataDirectoryLock;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.EndedException;
import io.gradwatch.launcher.process.Supervised;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The broker and the service that this process runs on a data directory, from {@link #start} to {@link #close}. */
public final class Backend implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final DataDirectory directory;
    private final DataDirectoryLock lock;
    private final Terminal terminal;
    private final @Nullable EmbeddedBroker broker;
    private final KafkaAddress kafka;
    private final Service service;
    private final @Nullable Path certificate;
    private final CompletableFuture<Void> ready;
    private final CompletableFuture<Problem> failed;

    private Backend(
            Installation installation,
            DataDirectory directory,
            DataDirectoryLock lock,
            @Nullable KafkaAddress elsewhere,
            Dashboard dashboard,
            Terminal terminal,
            @Nullable String launcher)
            throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.terminal = terminal;
        if (elsewhere == null) {
            broker = EmbeddedBroker.start(
                    directory.kafka(),
                    directory.logs().resolve("broker.log"),
                    directory.cache(),
                    installation.broker().withJvmArguments(Jvm.common(directory)),
                    new Notices("broker"));
            kafka = new KafkaAddress(broker.bootstrap(), null);
        } else {
            broker = null;
            kafka = elsewhere;
        }
        certificate = dashboard.tlsCertificate();
        service = Service.start(installation.service(), directory, kafka, dashboard, launcher, new Notices("service"));
        CompletableFuture<?> brokerReady = broker == null
                ? CompletableFuture.completedFuture(null)
                : broker.process().ready();
        ready = CompletableFuture.allOf(brokerReady, service.process().ready()).thenRun(this::publish);
        CompletableFuture<Problem> brokerFailed =
                broker == null ? new CompletableFuture<>() : failureOf(broker.process(), "broker");
        failed = brokerFailed.applyToEither(failureOf(service.process(), "service"), problem -> problem);
    }

    /**
     * Takes the directory and starts everything in parallel; returns as soon as that is under way.
     *
     * @param elsewhere the Kafka to use; null starts an embedded broker
     * @throws Problem the directory, the port or Kafka cannot be used
     */
    public static Backend start(
            Installation installation,
            DataDirectory directory,
            @Nullable KafkaAddress elsewhere,
            Dashboard dashboard,
            Terminal terminal) {
        return start(installation, directory, elsewhere, dashboard, terminal, null);
    }

    /**
     * The same, for a launcher that starts trainers when the dashboard asks for them.
     *
     * @param launcher the name that it listens to
     */
    public static Backend start(
            Installation installation,
            DataDirectory directory,
            @Nullable KafkaAddress elsewhere,
            Dashboard dashboard,
            Terminal terminal,
            @Nullable String launcher) {
        directory.prepare();
        DataDirectoryLock lock = DataDirectoryLock.take(directory);
        try {
            dashboard.requireFree();
            if (elsewhere != null) {
                elsewhere.requireAnswer();
            }
            return new Backend(installation, directory, lock, elsewhere, dashboard, terminal, launcher);
        } catch (IOException e) {
            lock.close();
            throw Problem.failure("Gradwatch cannot start on " + directory.root() + ": " + e.getMessage());
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Completes when the dashboard answers; never, if that fails: see {@link #failed}. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** Completes when it cannot run, or go on running. */
    public CompletableFuture<Problem> failed() {
        return failed;
    }

    public KafkaAddress kafka() {
        return kafka;
    }

    /** Whether the broker is one of its own. */
    public boolean embedded() {
        return broker != null;
    }

    /** Address of the dashboard; only when {@link #ready}. */
    public String url() {
        return service.url();
    }

    /** Stops the service, then the broker, and gives the directory up. When this returns, both have ended. */
    @Override
    public void close() {
        // a child that is not ready has nothing to lose
        service.stop(graceOf(service.process()));
        if (broker != null) {
            broker.stop(graceOf(broker.process()));
        }
        lock.close();
    }

    /** Ends both by force. */
    public void kill() {
        service.process().kill();
        if (broker != null) {
            broker.process().kill();
        }
    }

    private static Duration graceOf(Supervised process) {
        return process.ready().isDone() ? GRACE : Duration.ofSeconds(1);
    }

    private void publish() {
        List<Long> children = new ArrayList<>();
        addPid(children, service.process());
        if (broker != null) {
            addPid(children, broker.process());
        }
        try {
            Path configuration = kafka.configuration();
            lock.publish(
                    kafka.bootstrap(),
                    configuration == null ? null : configuration.toString(),
                    url(),
                    certificate == null ? null : certificate.toAbsolutePath().toString(),
                    children);
        } catch (IOException e) {
            terminal.notice("data directory", "instance.json cannot be written: " + e.getMessage());
        }
    }

    private static void addPid(List<Long> pids, Supervised process) {
        ChildProcess child = process.child();
        if (child != null) {
            pids.add(child.pid());
        }
    }

    private CompletableFuture<Problem> failureOf(Supervised process, String name) {
        return process.gaveUp().thenApply(reason -> problem(name, reason));
    }

    private Problem problem(String name, Exception reason) {
        Path log = directory.logs().resolve(name + ".log");
        if (reason instanceof EndedException ended) {
            String said = String.join("\n", ended.lastErrors());
            return ended.exitCode() == 2 && !said.isBlank()
                    ? Problem.ofChild(2, said)
                    : Problem.failure("The " + name + " " + Endings.describe(ended.exitCode()) + ". Its log is " + log);
        }
        return Problem.failure("The " + name + " cannot be started: " + reason.getMessage());
    }

    /** Tells the user of deaths and recoveries, and later launchers of new processes. */
    private final class Notices implements Supervised.Events {
        private final String part;

        private Notices(String part) {
            this.part = part;
        }

        @Override
        public void died(int exitCode, Duration untilRestart) {
            terminal.notice(part, Endings.describe(exitCode) + "; starting it again");
        }

        @Override
        public void recovered(Duration outage) {
            publish();
            terminal.notice(part, "back after " + String.format(Locale.ROOT, "%.1f s", outage.toMillis() / 1000.0));
        }
    }
}
