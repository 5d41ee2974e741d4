package io.gradwatch.launcher.twin;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.session.DemoTrainer;
import io.gradwatch.launcher.session.TrainerProcess;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The twins that this launcher has started, until {@link #close}. Safe for any thread. */
public final class Twins implements AutoCloseable {
    /** More at a time would only slow each other, and what they are compared with, down. */
    static final int MOST = 2;

    private static final long PATIENCE_S = 80;

    private final Supplier<TrainerProcess> program;
    private final DataDirectory directory;
    private final KafkaAddress kafka;
    private final Terminal terminal;
    private final Duration grace;
    private final List<DemoTrainer> trainers = new ArrayList<>(); // guarded by itself
    private final TwinCommands commands;
    private int started; // guarded by trainers
    private boolean closed; // guarded by trainers

    private Twins(
            String launcher,
            Supplier<TrainerProcess> program,
            DataDirectory directory,
            KafkaAddress kafka,
            Terminal terminal,
            Duration grace) {
        this.program = program;
        this.directory = directory;
        this.kafka = kafka;
        this.terminal = terminal;
        this.grace = grace;
        this.commands = new TwinCommands(launcher, kafka, this::start);
    }

    /** A name for a launcher that no other one has. */
    public static String newLauncherName() {
        byte[] random = new byte[6];
        ThreadLocalRandom.current().nextBytes(random);
        return "launcher-" + HexFormat.of().formatHex(random);
    }

    /**
     * Listens on Kafka for twins to be started by the launcher of this name; returns at once.
     *
     * @param program how a trainer is started; asked when one is wanted
     * @param grace that a trainer has for ending
     */
    public static Twins listen(
            String launcher,
            Supplier<TrainerProcess> program,
            DataDirectory directory,
            KafkaAddress kafka,
            Terminal terminal,
            Duration grace) {
        Twins twins = new Twins(launcher, program, directory, kafka, terminal, grace);
        twins.commands.start();
        return twins;
    }

    /** Starts one; completes with its run's id, or fails with a reason for a person. */
    private CompletableFuture<String> start(String preset, Map<String, String> options) {
        List<String> arguments = TwinArguments.of(preset, options);
        DemoTrainer trainer;
        synchronized (trainers) {
            trainers.removeIf(t -> t.exit().isDone());
            if (closed) {
                throw new IllegalArgumentException("the launcher is ending");
            }
            if (trainers.size() >= MOST) {
                throw new IllegalArgumentException(
                        MOST + " twins are being trained already; stop one of them, or wait for its end");
            }
            int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            String log = "trainer-twin-" + ++started;
            trainer = DemoTrainer.start(program.get(), directory, preset, arguments, threads, kafka, log);
            trainers.add(trainer);
        }
        terminal.notice("twin", "training " + preset + ", as the dashboard asked");
        CompletableFuture<String> ended = trainer.exit().thenApply(code -> {
            throw new IllegalArgumentException(
                    code == 0
                            ? "it ended at once"
                            : String.valueOf(trainer.problem().getMessage()));
        });
        return trainer.runId().applyToEither(ended, id -> id).orTimeout(PATIENCE_S, TimeUnit.SECONDS);
    }

    /** Stops listening, and the trainers. When this returns, they have ended. */
    @Override
    public void close() {
        List<DemoTrainer> mine;
        synchronized (trainers) {
            closed = true;
            mine = List.copyOf(trainers);
        }
        DemoTrainer.stopAll(mine, grace);
        commands.close();
    }

    /** Ends the trainers by force. */
    public void kill() {
        synchronized (trainers) {
            closed = true;
            trainers.forEach(t -> t.process().kill());
        }
    }

    /** What a person is told of a failure. */
    static String reasonOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && !(cause instanceof Problem)
                && !(cause instanceof IllegalArgumentException)) {
            cause = cause.getCause();
        }
        if (cause instanceof java.util.concurrent.TimeoutException) {
            return "the trainer did not say within " + PATIENCE_S + " s that it has begun; its log tells more";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
