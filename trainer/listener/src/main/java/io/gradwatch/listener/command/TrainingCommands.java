package io.gradwatch.listener.command;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which commands a training obeys, and how. Pausing and the learning rate need nothing from the application; a checkpoint
 * and a stop need a callback each, and are refused without it.
 *
 * <p>All callbacks run on the training thread, at the end of an iteration; meanwhile training stands still. One that throws
 * refuses its command: {@link CommandRefusedException} with its sentence, any other exception with its message. Training
 * goes on in either case. An instance serves one run; its methods are called before the run starts, by one thread.
 */
public final class TrainingCommands {
    private @Nullable Consumer<String> stop;
    private @Nullable Supplier<String> checkpoint;
    private @Nullable DoubleConsumer learningRate;
    private BooleanSupplier pauseIsOver = () -> false;
    private Consumer<String> answered = sentence -> {};
    private boolean betweenSteps;

    private TrainingCommands() {}

    /** Pause, resume and the learning rate, until more is said. */
    public static TrainingCommands accepted() {
        return new TrainingCommands();
    }

    /**
     * What to do when the run is to end after the present iteration. {@code fit} itself cannot be ended from outside: the
     * callback tells the training loop.
     *
     * @param stop gets who wants it and why, in one sentence
     */
    public TrainingCommands onStop(Consumer<String> stop) {
        this.stop = stop;
        return this;
    }

    /**
     * How to write a checkpoint.
     *
     * @param checkpoint writes it and gives its name, for people
     */
    public TrainingCommands onCheckpoint(Supplier<String> checkpoint) {
        this.checkpoint = checkpoint;
        return this;
    }

    /**
     * Sets the learning rate in place of the listener, which gives all layers the same fixed one from the next iteration on,
     * whatever schedule they had.
     *
     * @param learningRate gets a rate above 0, finite
     */
    public TrainingCommands onLearningRate(DoubleConsumer learningRate) {
        this.learningRate = learningRate;
        return this;
    }

    /**
     * Ends a pause when the application wants to end for another reason than a command. Asked about fifty times a second
     * while training is paused. A pause also ends when the training thread is interrupted, which it stays.
     */
    public TrainingCommands pauseUntil(BooleanSupplier pauseIsOver) {
        this.pauseIsOver = pauseIsOver;
        return this;
    }

    /** Who is told, in one sentence, of every command that was obeyed or refused; for the application's own output. */
    public TrainingCommands onAnswer(Consumer<String> answered) {
        this.answered = answered;
        return this;
    }

    /**
     * Commands are obeyed when the training loop calls {@code GradientTelemetry.obeyCommands()}, after each step, and not
     * within {@code fit}: for loops that want to save a model between two steps, with all its counts.
     */
    public TrainingCommands betweenSteps() {
        betweenSteps = true;
        return this;
    }

    /** Whether the training loop itself says when commands are obeyed. */
    public boolean areBetweenSteps() {
        return betweenSteps;
    }

    Optional<Consumer<String>> stop() {
        return Optional.ofNullable(stop);
    }

    Optional<Supplier<String>> checkpoint() {
        return Optional.ofNullable(checkpoint);
    }

    Optional<DoubleConsumer> learningRate() {
        return Optional.ofNullable(learningRate);
    }

    boolean isPauseOver() {
        return pauseIsOver.getAsBoolean();
    }

    void tell(String sentence) {
        answered.accept(sentence);
    }
}
