package io.gradwatch.telemetry.rules.user;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a rule asks to be done to the trainer when it fires. Nothing does so unless a rule file says it.
 *
 * @param factor of {@link Kind#LEARNING_RATE}: above 0, at most 10, not 1; 1 of the others
 * @param dryRun say what would be done, and do not do it
 */
public record RuleAction(Kind kind, double factor, boolean dryRun) {
    static final String ACCEPTED =
            "stop, pause, checkpoint, learning_rate x FACTOR (above 0, at most 10): learning_rate x 0.1";

    private static final Pattern FACTOR = Pattern.compile("learning_rate *[x×*] *(\\S+)");
    private static final double MOST = 10;

    /** What is done. */
    public enum Kind {
        STOP,
        PAUSE,
        CHECKPOINT,
        /** Multiply it by the factor. */
        LEARNING_RATE
    }

    static RuleAction read(String text) throws BadText {
        switch (text.toLowerCase(Locale.ROOT)) {
            case "stop":
                return new RuleAction(Kind.STOP, 1, false);
            case "pause":
                return new RuleAction(Kind.PAUSE, 1, false);
            case "checkpoint":
                return new RuleAction(Kind.CHECKPOINT, 1, false);
            default:
                break;
        }
        Matcher form = FACTOR.matcher(text.toLowerCase(Locale.ROOT));
        if (form.matches()) {
            double factor = Texts.number(form.group(1));
            if (factor > 0 && factor <= MOST && factor != 1) {
                return new RuleAction(Kind.LEARNING_RATE, factor, false);
            }
        }
        throw new BadText("accepted is " + ACCEPTED);
    }

    RuleAction asDryRun(boolean dry) {
        return new RuleAction(kind, factor, dry);
    }

    /** "stop", "learning_rate x 0.1": as in a rule file. */
    public String text() {
        return kind == Kind.LEARNING_RATE
                ? "learning_rate x " + Texts.show(factor)
                : kind.name().toLowerCase(Locale.ROOT);
    }
}
