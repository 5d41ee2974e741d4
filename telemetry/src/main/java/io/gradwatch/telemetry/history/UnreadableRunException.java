package io.gradwatch.telemetry.history;

/** Files that were given as a run cannot be taken as one. The message says what is wrong and where. */
public final class UnreadableRunException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableRunException(String message) {
        super(message);
    }

    UnreadableRunException(String message, Throwable cause) {
        super(message, cause);
    }
}
