package io.gradwatch.telemetry.live;

/** A field of a message that cannot be taken. */
final class BadFieldException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    BadFieldException(String field, String what, String accepted) {
        super(what);
        this.problem = Problem.badRequest(field, what, accepted);
    }

    Problem problem() {
        return problem;
    }
}
