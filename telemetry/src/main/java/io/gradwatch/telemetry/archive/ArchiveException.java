package io.gradwatch.telemetry.archive;

/** A run cannot be written to files, or files cannot be taken as a run. The message says what, where, and what is left. */
public final class ArchiveException extends Exception {
    private static final long serialVersionUID = 1;

    /** Whose fault it is. */
    public enum Kind {
        /** The file that was given is damaged, or not a run. */
        DAMAGED,
        /** The run exists already. */
        EXISTS,
        /** The disk or the database refused. */
        STORAGE
    }

    private final Kind kind;

    public ArchiveException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ArchiveException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    static ArchiveException damaged(String message) {
        return new ArchiveException(Kind.DAMAGED, message);
    }
}
