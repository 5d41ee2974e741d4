package io.gradwatch.telemetry.history;

/** The database refused to read or write: the disk is full, or the file is damaged. The transaction had no effect. */
public final class HistoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HistoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
