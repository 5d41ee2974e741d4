package io.gradwatch.experiments.gpu;

/** The backend that was asked for cannot run on this machine; the message is for a person. */
public final class UnusableBackendException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With the message of {@link Verdict.Unusable}. */
    public UnusableBackendException(String message) {
        super(message);
    }
}
