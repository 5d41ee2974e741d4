package io.gradwatch.telemetry.rules.peers;

import io.gradwatch.telemetry.rules.Signals;

/** What a tool asks of one event. Pure; never throws, whatever a record holds. */
@FunctionalInterface
interface Formula {
    /** @param memory what was remembered; empty at first, never changed */
    Answer of(Signals signals, double[] memory);

    /** What it says. */
    enum Says {
        /** There was nothing to judge. */
        NOTHING,
        NO,
        YES
    }

    /** What it said. */
    final class Answer {
        private static final double[] NONE = {};

        private final Says says;
        private final double value;
        private final double[] memory;

        private Answer(Says says, double value, double[] memory) {
            this.says = says;
            this.value = value;
            this.memory = memory;
        }

        static Answer nothing() {
            return nothing(NONE);
        }

        static Answer nothing(double[] memory) {
            return new Answer(Says.NOTHING, Double.NaN, memory);
        }

        static Answer of(boolean holds, double value) {
            return of(holds, value, NONE);
        }

        static Answer of(boolean holds, double value, double[] memory) {
            return new Answer(holds ? Says.YES : Says.NO, value, memory);
        }

        Says says() {
            return says;
        }

        /** What was compared, for people. */
        double value() {
            return value;
        }

        /** What it remembers from now on. */
        double[] memory() {
            return memory;
        }
    }
}
