package io.gradwatch.telemetry.history;

/** History cannot be opened for a reason that a person must put right; the message says which. Nothing was changed. */
public final class HistoryUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    public HistoryUnavailableException(String message) {
        super(message);
    }

    public HistoryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
