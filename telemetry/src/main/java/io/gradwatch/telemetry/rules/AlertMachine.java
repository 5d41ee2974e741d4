package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Alert.State;
import io.gradwatch.telemetry.rules.AlertState.Opening;
import io.gradwatch.telemetry.rules.AlertState.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * The states of an alert: inactive → pending → firing → recovering → resolved, and back from recovering to firing.
 *
 * <ul>
 *   <li>pending from the first iteration at which the condition holds; resolved at once if it breaks before it fires
 *   <li>firing when it has held for {@code for} iterations and the warm-up is over; critical if that held as long
 *   <li>while firing, critical after {@code for} iterations at critical, back to warning after {@code keep} below it
 *   <li>recovering when the condition is clearly gone; firing again as soon as it holds; resolved after {@code keep}
 *       iterations clearly gone. In the hysteresis between, a firing alert fires on and a recovering one starts counting
 *       anew
 * </ul>
 */
final class AlertMachine {
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
     * @param moves in order; two only where {@code for} is 1
     */
    record Step(AlertState after, List<Move> moves) {}

    /**
     * @param evaluated iterations of the run evaluated so far, this one included
     * @param here this iteration, in case that an alert begins
     */
    static Step step(AlertState before, Reading reading, Timing timing, long evaluated, Opening here) {
        AlertState now = before.counting(reading);
        List<Move> moves = new ArrayList<>(0);
        if (now.phase() == Phase.INACTIVE && reading.holds()) {
            now = now.opened(reading.level(), here);
            moves.add(new Move(State.PENDING, now));
        }
        switch (now.phase()) {
            case INACTIVE -> {}
            case PENDING -> {
                if (!reading.holds()) {
                    moves.add(resolved(now));
                    now = now.closed();
                } else if (now.heldFor() >= timing.forIterations() && evaluated >= timing.warmUpIterations()) {
                    boolean critical = now.criticalFor() >= timing.forIterations();
                    now = now.moved(Phase.FIRING, critical ? Severity.CRITICAL : Severity.WARNING);
                    moves.add(new Move(State.FIRING, now));
                }
            }
            case FIRING -> {
                if (reading.clear()) {
                    now = now.moved(Phase.RECOVERING, now.severity());
                    moves.add(new Move(State.RECOVERING, now));
                } else if (now.severity() == Severity.WARNING && now.criticalFor() >= timing.forIterations()) {
                    now = now.moved(Phase.FIRING, Severity.CRITICAL);
                    moves.add(new Move(State.FIRING, now));
                } else if (now.severity() == Severity.CRITICAL
                        && reading.holds()
                        && now.belowCriticalFor() >= timing.keepIterations()) {
                    now = now.moved(Phase.FIRING, Severity.WARNING);
                    moves.add(new Move(State.FIRING, now));
                }
            }
            case RECOVERING -> {
                if (reading.holds()) {
                    now = now.moved(Phase.FIRING, now.severity());
                    moves.add(new Move(State.FIRING, now));
                } else if (now.clearFor() >= timing.keepIterations()) {
                    moves.add(resolved(now));
                    now = now.closed();
                }
            }
        }
        return new Step(now, moves);
    }

    private static Move resolved(AlertState alert) {
        return new Move(State.RESOLVED, alert.moved(alert.phase(), alert.severity()));
    }
}
