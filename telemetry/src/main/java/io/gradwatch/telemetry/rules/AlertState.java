package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.telemetry.rules.Finding.Concern;

/**
 * Where one rule stands for one run. Counters count iterations without a break, up to and with the last that was judged.
 *
 * @param phase inactive, or the state of the open alert
 * @param severity of the open alert; unspecified while inactive
 * @param heldFor how long the condition has held at any severity
 * @param criticalFor how long at critical
 * @param belowCriticalFor how long not at critical
 * @param clearFor how long it has been clearly gone
 * @param heldSinceMs when it began to hold, by the trainer's clock; 0 while it does not
 * @param clearSinceMs when it was clearly gone; 0 while it is not
 * @param transitions of the open alert so far; 0 while inactive
 * @param opening where the open alert began; {@link Opening#NONE} while inactive
 * @param concern the layers of the open alert when it was last pending or firing
 * @param judged when the open alert was judged; {@link Judged#NEVER} while inactive
 */
record AlertState(
        Phase phase,
        Severity severity,
        int heldFor,
        int criticalFor,
        int belowCriticalFor,
        int clearFor,
        long heldSinceMs,
        long clearSinceMs,
        int transitions,
        Opening opening,
        Concern concern,
        Judged judged) {

    static final AlertState INACTIVE = new AlertState(
            Phase.INACTIVE,
            Severity.SEVERITY_UNSPECIFIED,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            Opening.NONE,
            Concern.NONE,
            Judged.NEVER);

    enum Phase {
        INACTIVE,
        PENDING,
        FIRING,
        RECOVERING,
        /** It would fire, but another rule's alert explains it. */
        SUPPRESSED,
        /** It was firing or recovering when what it is judged by ceased to come. */
        NO_DATA
    }

    /**
     * The first iteration at which the condition held.
     *
     * @param attempt in which attempt of the run
     * @param offset the record's offset
     */
    record Opening(int attempt, long iteration, long offset) {
        static final Opening NONE = new Opening(0, 0, 0);
    }

    /**
     * When an open alert was judged, in iterations of the run evaluated so far.
     *
     * @param last the last time
     * @param longestPause between two times, or that a sample stood for
     */
    record Judged(long last, long longestPause) {
        static final Judged NEVER = new Judged(0, 0);

        Judged again(long evaluated, int stands) {
            return new Judged(evaluated, Math.max(longestPause, Math.max(stands, evaluated - last)));
        }
    }

    /** The counters go on, the phase stays. */
    AlertState counting(Reading reading, int stands, long atMs, long evaluated) {
        boolean critical = reading.holdsAt(Severity.CRITICAL);
        boolean holds = reading.holds();
        return new AlertState(
                phase,
                severity,
                holds ? heldFor + stands : 0,
                critical ? criticalFor + stands : 0,
                critical ? 0 : belowCriticalFor + stands,
                reading.clear() ? clearFor + stands : 0,
                holds ? (heldFor > 0 ? heldSinceMs : atMs) : 0,
                reading.clear() ? (clearFor > 0 ? clearSinceMs : atMs) : 0,
                transitions,
                opening,
                concern,
                isOpen() ? judged.again(evaluated, stands) : Judged.NEVER);
    }

    AlertState opened(Severity at, Opening where, long evaluated, int stands) {
        return new AlertState(
                Phase.PENDING,
                at,
                heldFor,
                criticalFor,
                belowCriticalFor,
                clearFor,
                heldSinceMs,
                clearSinceMs,
                1,
                where,
                Concern.NONE,
                new Judged(evaluated, stands));
    }

    AlertState moved(Phase to, Severity at) {
        return new AlertState(
                to,
                at,
                heldFor,
                criticalFor,
                belowCriticalFor,
                clearFor,
                heldSinceMs,
                clearSinceMs,
                transitions + 1,
                opening,
                concern,
                judged);
    }

    AlertState closed() {
        return new AlertState(
                Phase.INACTIVE,
                Severity.SEVERITY_UNSPECIFIED,
                heldFor,
                criticalFor,
                belowCriticalFor,
                clearFor,
                heldSinceMs,
                clearSinceMs,
                0,
                Opening.NONE,
                Concern.NONE,
                Judged.NEVER);
    }

    boolean isOpen() {
        return phase != Phase.INACTIVE;
    }

    AlertState concerning(Concern layers) {
        return new AlertState(
                phase,
                severity,
                heldFor,
                criticalFor,
                belowCriticalFor,
                clearFor,
                heldSinceMs,
                clearSinceMs,
                transitions,
                opening,
                layers,
                judged);
    }
}
