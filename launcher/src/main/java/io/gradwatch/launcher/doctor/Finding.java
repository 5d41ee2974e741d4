package io.gradwatch.launcher.doctor;

/**
 * What a look at one thing came to.
 *
 * @param advice what to do; empty where all is well
 */
public record Finding(String what, State state, String detail, String advice) {
    /** How it is. */
    public enum State {
        OK,
        /** It works, but not for long, or not well. */
        WARNING,
        /** Something will not work. */
        WRONG,
        /** It could not be looked at, and that is no fault. */
        SKIPPED
    }

    static Finding ok(String what, String detail) {
        return new Finding(what, State.OK, detail, "");
    }

    static Finding skipped(String what, String detail) {
        return new Finding(what, State.SKIPPED, detail, "");
    }

    static Finding warning(String what, String detail, String advice) {
        return new Finding(what, State.WARNING, detail, advice);
    }

    static Finding wrong(String what, String detail, String advice) {
        return new Finding(what, State.WRONG, detail, advice);
    }
}
