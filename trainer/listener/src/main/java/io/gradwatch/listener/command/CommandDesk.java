package io.gradwatch.listener.command;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.TrainerState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Obeys commands and answers them. For the training thread, but for {@link #hasWork} and {@link #close}.
 *
 * <p>A pause holds the training thread here, because a person asked for it: until a command ends it, the application does,
 * or the thread is interrupted. It is the only thing that does, and has nothing to do with whether Kafka answers.
 */
public final class CommandDesk {
    /** Every so often a paused trainer says that it lives. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(CommandDesk.class);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(20).toNanos();
    private static final String NO_RATE = "the model's updater has no learning rate";

    private final CommandInbox inbox;
    private final TrainingCommands application;
    private final LearningRate rate;
    private final Answers answers;
    private final Clock clock;
    private final LongSupplier nanoTime;

    private boolean paused;
    private volatile boolean closed;

    public CommandDesk(
            CommandInbox inbox,
            TrainingCommands application,
            LearningRate rate,
            Answers answers,
            Clock clock,
            LongSupplier nanoTime) {
        this.inbox = inbox;
        this.application = application;
        this.rate = rate;
        this.answers = answers;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Whether {@link #obey} would do anything; costs next to nothing. */
    public boolean hasWork() {
        return !inbox.isEmpty();
    }

    /**
     * Obeys what has come; returns when there is nothing more to do and training is not paused.
     *
     * @param iteration the last one made
     */
    public void obey(long iteration) {
        obeyWaiting(iteration);
        if (!paused) {
            return;
        }
        long saidAtNanos = say(TrainerState.State.PAUSED, iteration);
        while (paused && !isPauseOver()) {
            LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
            obeyWaiting(iteration);
            if (paused && nanoTime.getAsLong() - saidAtNanos >= HEARTBEAT.toNanos()) {
                saidAtNanos = say(TrainerState.State.PAUSED, iteration);
            }
        }
        paused = false;
        say(TrainerState.State.TRAINING, iteration);
    }

    /** Ends a pause, and refuses what is still waiting: the run has ended. Any thread. */
    public void close(long iteration) {
        closed = true;
        for (Command command : inbox.drain()) {
            answers.send(refusal(command, iteration, "the run has ended"));
        }
    }

    private boolean isPauseOver() {
        return closed || Thread.currentThread().isInterrupted() || application.isPauseOver();
    }

    private void obeyWaiting(long iteration) {
        for (Command command = inbox.poll(); command != null; command = inbox.poll()) {
            Acknowledgement answer = answer(command, iteration);
            answers.send(answer);
            tell(command, answer);
        }
    }

    private Acknowledgement answer(Command command, long iteration) {
        try {
            long lateMs = clock.millis() - command.getExpiresAtMs();
            if (command.getExpiresAtMs() != 0 && lateMs > 0) {
                throw new CommandRefusedException(String.format(
                        Locale.ROOT,
                        "it came too late: it expired %.1f s ago by the trainer's clock (an iteration took longer than"
                                + " that, or the clocks differ)",
                        lateMs / 1000.0));
            }
            return Acknowledgement.newBuilder()
                    .setCommandId(command.getCommandId())
                    .setOutcome(Acknowledgement.Outcome.APPLIED)
                    .setIteration(iteration)
                    .setDetail(obey(command))
                    .build();
        } catch (CommandRefusedException e) {
            return refusal(command, iteration, e.reason());
        } catch (RuntimeException | LinkageError | AssertionError e) {
            // a fault of the callback is not to end the training
            LOG.warn("the command {} failed, training goes on", command.getActionCase(), e);
            return refusal(command, iteration, "it failed: " + (e.getMessage() == null ? e : e.getMessage()));
        }
    }

    private static Acknowledgement refusal(Command command, long iteration, String reason) {
        return Acknowledgement.newBuilder()
                .setCommandId(command.getCommandId())
                .setOutcome(Acknowledgement.Outcome.REFUSED)
                .setIteration(iteration)
                .setReason(reason)
                .build();
    }

    /** Gives what came of it, for people. */
    private String obey(Command command) {
        switch (command.getActionCase()) {
            case PAUSE:
                if (paused) {
                    throw new CommandRefusedException("training is paused already");
                }
                paused = true;
                return "";
            case RESUME:
                if (!paused) {
                    throw new CommandRefusedException("training is not paused");
                }
                paused = false;
                return "";
            case STOP:
                application
                        .stop()
                        .orElseThrow(
                                () -> new CommandRefusedException("this application cannot be stopped by a command"))
                        .accept(sentence(command));
                paused = false;
                return "";
            case CHECKPOINT:
                return application
                        .checkpoint()
                        .orElseThrow(() -> new CommandRefusedException("this application writes no checkpoints"))
                        .get();
            case SET_LEARNING_RATE:
                return setLearningRate(command);
            case START_TWIN:
            case DRY_RUN:
            case ACTION_NOT_SET:
                break;
        }
        throw new CommandRefusedException(
                "this trainer does not know the action; it knows pause, resume, stop, checkpoint"
                        + " and set_learning_rate");
    }

    private String setLearningRate(Command command) {
        OptionalDouble present = rate.now();
        double before = present.orElseThrow(() -> new CommandRefusedException(NO_RATE));
        boolean scaled = command.getSetLearningRate().hasFactor();
        double given = scaled
                ? command.getSetLearningRate().getFactor()
                : command.getSetLearningRate().getLearningRate();
        double after = scaled ? before * given : given;
        if (!(given > 0) || !(after > 0) || Double.isInfinite(after)) {
            throw new CommandRefusedException((scaled ? "the factor is " : "the learning rate is ") + given
                    + (scaled && given > 0 ? ", which makes the learning rate " + after : "")
                    + "; accepted is a finite number above 0");
        }
        DoubleConsumer set = application.learningRate().orElse(rate::set);
        set.accept(after);
        return "learning rate " + shortened(before) + " → " + shortened(after);
    }

    private static String shortened(double rate) {
        BigDecimal rounded = new BigDecimal(rate).round(new MathContext(6)).stripTrailingZeros();
        return rate >= 1e-6 && rate < 1e6 ? rounded.toPlainString() : rounded.toString();
    }

    private long say(TrainerState.State state, long iteration) {
        answers.send(TrainerState.newBuilder()
                .setState(state)
                .setIteration(iteration)
                .build());
        return nanoTime.getAsLong();
    }

    private void tell(Command command, Acknowledgement answer) {
        String what = command.getActionCase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        boolean applied = answer.getOutcome() == Acknowledgement.Outcome.APPLIED;
        String more = applied ? answer.getDetail() : answer.getReason();
        String text = what + " by " + sentence(command)
                + (applied ? " took effect after iteration " : " was refused after iteration ") + answer.getIteration()
                + (more.isEmpty() ? "" : ": " + more);
        LOG.debug("{}", text);
        try {
            application.tell(text);
        } catch (RuntimeException e) {
            LOG.warn("telling of a command failed, training goes on", e);
        }
    }

    /** Who wants it, and why. */
    private static String sentence(Command command) {
        String who = command.getIssuedBy().isEmpty() ? "somebody" : command.getIssuedBy();
        return command.getReason().isEmpty() ? who : who + " (" + command.getReason() + ")";
    }
}
