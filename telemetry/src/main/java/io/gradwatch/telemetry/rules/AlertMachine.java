package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Alert.State;
import io.gradwatch.telemetry.rules.AlertState.Opening;
import io.gradwatch.telemetry.rules.AlertState.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of an alert: inactive → pending → firing → recovering → resolved, and back from recovering to firing.
 *
 * <ul>
 *   <li>pending from the first iteration at which the condition holds; resolved at once if it breaks before it fires
 *   <li>firing when it has held for {@code for} and the warm-up is over; critical if that held as long
 *   <li>while firing, of a higher severity after {@code for} at it, back from critical after {@code keep} below it
 *   <li>recovering when the condition is clearly gone; firing again as soon as it holds; resolved after {@code keep}
 *       clearly gone. In the hysteresis between, a firing alert fires on and a recovering one starts counting anew
 *   <li>suppressed instead of firing or recovering while a rule that explains it fires; afterwards firing if the condition
 *       still holds, else resolved
 *   <li>no data instead of firing or recovering when what it is judged by has not come for three epochs, or for three times
 *       as long as it ever stayed away before; firing again when the condition holds then, resolved when it has stayed away
 * </ul>
 */
final class AlertMachine {
    private static final int PAUSES = 3;

    private AlertMachine() {}

    /**
     * One transition.
     *
     * @param to the state reached
     * @param alert the alert as of this transition: severity, number of the transition, opening
     */
    record Move(State to, AlertState alert) {}

    /**
     * @param after the state after all moves
     * @param moves in order; two only where {@code for}, or {@code keep}, is 1
     */
    record Step(AlertState after, List<Move> moves) {}

    /**
     * Where in a run an event happened.
     *
     * @param evaluated iterations of the run evaluated so far, this one included
     * @param iterationsPerEpoch 0: not known
     * @param atMs by the trainer's clock
     * @param misses whether the event is one that the rule is judged by, if what it looks at is there
     * @param opening in case that an alert begins
     */
    record Here(long evaluated, int iterationsPerEpoch, long atMs, boolean misses, Opening opening) {}

    /** @param inhibited whether a rule that explains this one fires */
    static Step step(AlertState before, Look look, Timing timing, boolean inhibited, Here here) {
        Reading reading = look.reading();
        if (reading == null) {
            return inhibited ? suppressed(before) : unjudged(before, here);
        }
        Judge judge = new Judge(
                before.counting(reading, look.stands(), here.atMs(), here.evaluated()),
                reading,
                look.stands(),
                timing,
                inhibited,
                here);
        judge.decide();
        return new Step(judge.now, judge.moves);
    }

    private static Step unjudged(AlertState before, Here here) {
        boolean waits = before.phase() == Phase.FIRING || before.phase() == Phase.RECOVERING;
        if (!here.misses() || !waits || here.evaluated() - before.judged().last() <= patience(before, here)) {
            return new Step(before, List.of());
        }
        AlertState after = before.moved(Phase.NO_DATA, before.severity());
        return new Step(after, List.of(new Move(State.NO_DATA, after)));
    }

    /** For so many iterations an open alert may stay without being judged. */
    static long patience(AlertState alert, Here here) {
        long epoch = here.iterationsPerEpoch() > 0 ? here.iterationsPerEpoch() : Span.EPOCH_OF_UNKNOWN_LENGTH;
        return PAUSES * Math.max(epoch, alert.judged().longestPause());
    }

    private static Step suppressed(AlertState before) {
        if (before.phase() != Phase.FIRING && before.phase() != Phase.RECOVERING) {
            return new Step(before, List.of());
        }
        AlertState after = before.moved(Phase.SUPPRESSED, before.severity());
        return new Step(after, List.of(new Move(State.SUPPRESSED, after)));
    }

    private static final class Judge {
        private AlertState now;
        private final List<Move> moves = new ArrayList<>(0);
        private final Reading reading;
        private final int stands;
        private final Timing timing;
        private final boolean inhibited;
        private final Here here;

        Judge(AlertState now, Reading reading, int stands, Timing timing, boolean inhibited, Here here) {
            this.now = now;
            this.reading = reading;
            this.stands = stands;
            this.timing = timing;
            this.inhibited = inhibited;
            this.here = here;
        }

        void decide() {
            if (now.phase() == Phase.INACTIVE && reading.holds()) {
                now = now.opened(reading.level(), here.opening(), here.evaluated(), stands);
                moves.add(new Move(State.PENDING, now));
            }
            switch (now.phase()) {
                case INACTIVE -> {}
                case PENDING -> pending();
                case FIRING -> firing();
                case RECOVERING -> recovering();
                case SUPPRESSED -> suppressed();
                case NO_DATA -> judgedAgain();
            }
        }

        private void pending() {
            if (!reading.holds()) {
                resolve();
            } else if (hasHeld() && here.evaluated() >= timing.warmUpIterations()) {
                fire(inhibited ? Phase.SUPPRESSED : Phase.FIRING, severityHeld());
            }
        }

        private void firing() {
            if (inhibited) {
                fire(Phase.SUPPRESSED, now.severity());
            } else if (reading.clear()) {
                now = now.moved(Phase.RECOVERING, now.severity());
                moves.add(new Move(State.RECOVERING, now));
                if (hasStayedAway()) {
                    resolve();
                }
            } else if (now.severity() != Severity.CRITICAL && criticalHasHeld()) {
                fire(Phase.FIRING, Severity.CRITICAL);
            } else if (now.severity() == Severity.CRITICAL && reading.holds() && criticalIsGone()) {
                fire(Phase.FIRING, reading.level());
            }
        }

        private void recovering() {
            if (inhibited) {
                fire(Phase.SUPPRESSED, now.severity());
            } else if (reading.holds()) {
                fire(Phase.FIRING, now.severity());
            } else if (hasStayedAway()) {
                resolve();
            }
        }

        private void judgedAgain() {
            if (inhibited) {
                fire(Phase.SUPPRESSED, now.severity());
            } else if (reading.holds()) {
                fire(Phase.FIRING, now.severity());
            } else if (hasStayedAway()) {
                resolve();
            }
        }

        private void suppressed() {
            if (inhibited) {
                if (hasStayedAway()) {
                    resolve();
                }
            } else if (!reading.holds()) {
                resolve();
            } else if (hasHeld()) {
                fire(Phase.FIRING, severityHeld());
            }
        }

        private void fire(Phase phase, Severity severity) {
            now = now.moved(phase, severity);
            moves.add(new Move(phase == Phase.FIRING ? State.FIRING : State.SUPPRESSED, now));
        }

        private void resolve() {
            moves.add(new Move(State.RESOLVED, now.moved(now.phase(), now.severity())));
            now = now.closed();
        }

        private Severity severityHeld() {
            return criticalHasHeld()
                    ? Severity.CRITICAL
                    : reading.level() == Severity.CRITICAL ? Severity.WARNING : reading.level();
        }

        private boolean hasHeld() {
            return lasted(timing.forSpan(), now.heldFor(), now.heldSinceMs());
        }

        private boolean criticalHasHeld() {
            return now.criticalFor() > 0 && lasted(timing.forSpan(), now.criticalFor(), now.heldSinceMs());
        }

        private boolean criticalIsGone() {
            return lasted(timing.keepSpan(), now.belowCriticalFor(), now.heldSinceMs());
        }

        private boolean hasStayedAway() {
            return now.clearFor() > 0 && lasted(timing.keepSpan(), now.clearFor(), now.clearSinceMs());
        }

        private boolean lasted(Span span, int iterations, long sinceMs) {
            return span.isOver(iterations, here.atMs() - sinceMs, here.iterationsPerEpoch());
        }
    }

    /** Whether the alert, in this phase, says something that a rule after it is explained by. */
    static boolean explains(@Nullable AlertState alert) {
        return alert != null && alert.phase() == Phase.FIRING;
    }
}
