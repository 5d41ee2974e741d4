package io.gradwatch.telemetry.control;

import io.gradwatch.contract.v1.Checkpoint;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Pause;
import io.gradwatch.contract.v1.Resume;
import io.gradwatch.contract.v1.SetLearningRate;
import io.gradwatch.contract.v1.Stop;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a trainer is told to do.
 *
 * @param learningRate of {@code LEARNING_RATE}: the new one, above 0 and finite; empty where {@code factor} is given
 * @param factor of {@code LEARNING_RATE}: what the present one is multiplied by, above 0 and finite
 */
public record ControlAction(Kind kind, OptionalDouble learningRate, OptionalDouble factor) {
    /** What is accepted as the text of an action, for messages. */
    public static final String ACCEPTED =
            "pause, resume, stop, checkpoint, learning_rate x FACTOR, or learning_rate VALUE (numbers above 0)";

    private static final String NUMBER = "([0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?)";
    private static final Pattern SCALED = Pattern.compile("learning_rate\\s*[x×*]\\s*" + NUMBER);
    private static final Pattern SET = Pattern.compile("learning_rate\\s+" + NUMBER);

    /** The kinds of actions. */
    public enum Kind {
        PAUSE,
        RESUME,
        STOP,
        CHECKPOINT,
        LEARNING_RATE;

        /** Its name in the API and in files. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** All names. */
        public static List<String> labels() {
            return Arrays.stream(values()).map(Kind::label).toList();
        }

        /** The kind of this name, or empty. */
        public static Optional<Kind> of(String label) {
            return Arrays.stream(values()).filter(k -> k.label().equals(label)).findFirst();
        }
    }

    /** @throws IllegalArgumentException the numbers do not belong to the kind, or are not above 0 and finite */
    public ControlAction {
        boolean rate = kind == Kind.LEARNING_RATE;
        boolean one = learningRate.isPresent() != factor.isPresent();
        if (rate != one || (!rate && learningRate.isPresent())) {
            throw new IllegalArgumentException("learning_rate takes a value or a factor, the other actions none");
        }
        double number = learningRate.orElse(factor.orElse(1));
        if (!(number > 0) || Double.isInfinite(number)) {
            throw new IllegalArgumentException(number + "; accepted is a finite number above 0");
        }
    }

    /** An action without a number. */
    public static ControlAction of(Kind kind) {
        return new ControlAction(kind, OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** Another learning rate. */
    public static ControlAction learningRate(double value) {
        return new ControlAction(Kind.LEARNING_RATE, OptionalDouble.of(value), OptionalDouble.empty());
    }

    /** The present learning rate times a factor. */
    public static ControlAction learningRateTimes(double factor) {
        return new ControlAction(Kind.LEARNING_RATE, OptionalDouble.empty(), OptionalDouble.of(factor));
    }

    /** Reads what {@link #text} writes: {@code stop}, {@code learning_rate x 0.1}; empty: it is {@linkplain #ACCEPTED no such}. */
    public static Optional<ControlAction> parse(String text) {
        String stripped = text.strip();
        try {
            Matcher scaled = SCALED.matcher(stripped);
            if (scaled.matches()) {
                return Optional.of(learningRateTimes(Double.parseDouble(scaled.group(1))));
            }
            Matcher set = SET.matcher(stripped);
            if (set.matches()) {
                return Optional.of(learningRate(Double.parseDouble(set.group(1))));
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Kind.of(stripped).filter(k -> k != Kind.LEARNING_RATE).map(ControlAction::of);
    }

    /** As people write it. */
    public String text() {
        if (factor.isPresent()) {
            return kind.label() + " x " + factor.getAsDouble();
        }
        return learningRate.isPresent() ? kind.label() + " " + learningRate.getAsDouble() : kind.label();
    }

    /** Puts it into a command. */
    public Command.Builder into(Command.Builder command) {
        return switch (kind) {
            case PAUSE -> command.setPause(Pause.getDefaultInstance());
            case RESUME -> command.setResume(Resume.getDefaultInstance());
            case STOP -> command.setStop(Stop.getDefaultInstance());
            case CHECKPOINT -> command.setCheckpoint(Checkpoint.getDefaultInstance());
            case LEARNING_RATE -> {
                SetLearningRate.Builder rate = SetLearningRate.newBuilder();
                learningRate.ifPresent(rate::setLearningRate);
                factor.ifPresent(rate::setFactor);
                yield command.setSetLearningRate(rate);
            }
        };
    }

    /** What a command tells a trainer; empty: something that this version does not know, or nothing for a trainer. */
    public static Optional<ControlAction> of(Command command) {
        SetLearningRate rate = command.getSetLearningRate();
        try {
            return switch (command.getActionCase()) {
                case PAUSE -> Optional.of(of(Kind.PAUSE));
                case RESUME -> Optional.of(of(Kind.RESUME));
                case STOP -> Optional.of(of(Kind.STOP));
                case CHECKPOINT -> Optional.of(of(Kind.CHECKPOINT));
                case SET_LEARNING_RATE ->
                    Optional.of(
                            rate.hasFactor()
                                    ? learningRateTimes(rate.getFactor())
                                    : learningRate(rate.getLearningRate()));
                case START_TWIN, DRY_RUN, ACTION_NOT_SET -> Optional.empty();
            };
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
