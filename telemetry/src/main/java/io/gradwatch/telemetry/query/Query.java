package io.gradwatch.telemetry.query;

import java.util.List;

/** A condition on runs. A condition on something that a run does not have never holds; {@link Not} of it does. */
public sealed interface Query {
    /** Holds for every run. */
    Query ALL = new And(List.of());

    /** All of them hold; none at all hold for every run. */
    record And(List<Query> parts) implements Query {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** One of them holds. */
    record Or(List<Query> parts) implements Query {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    /** The part does not hold. */
    record Not(Query part) implements Query {}

    /** The text is in the run's id, name, preset, notes, or in one of its tags and labels, in any case. */
    record Text(String text) implements Query {}

    /** What a field is compared with. */
    sealed interface Test extends Query {
        /** What is compared. */
        Field field();
    }

    /** A text, or one of several: equal in any case, where {@code *} stands for any characters. */
    record Like(Field field, Pattern pattern, boolean negated) implements Test {}

    /** A text that is in the field, in any case. */
    record Contains(Field field, String text) implements Test {}

    /** A number. NaN compares with nothing; {@link IsNan} finds it. */
    record Compare(Field field, Operator operator, double value) implements Test {}

    /** The number was measured as NaN. */
    record IsNan(Field field, boolean negated) implements Test {}

    /** Milliseconds since the epoch, or a length of time in milliseconds, at least {@code from} and below {@code to}. */
    record Between(Field field, long from, long to, boolean negated) implements Test {}

    /** A configuration parameter's text as a number, or, where it is none, as text. */
    record Either(Compare number, Like text) implements Query {}
}
