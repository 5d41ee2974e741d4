package io.gradwatch.telemetry.lifecycle;

/** A run cannot be deleted or archived. The message says why, and what is accepted. */
public final class LifecycleException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Kind {
        UNKNOWN,
        RUNNING,
        /** Kafka does not answer: a deletion must be in the log, or it would not last. */
        LOG,
        STORAGE
    }

    private final Kind kind;

    LifecycleException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    LifecycleException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
