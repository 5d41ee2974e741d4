package io.gradwatch.launcher.process;

import java.util.List;

/** A child ended before it was ready, or refused its arguments. */
public final class EndedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final transient List<String> lastErrors;

    EndedException(int exitCode, List<String> lastErrors) {
        super("ended with exit code " + exitCode);
        this.exitCode = exitCode;
        this.lastErrors = List.copyOf(lastErrors);
    }

    public int exitCode() {
        return exitCode;
    }

    /** The last lines of its standard error. */
    public List<String> lastErrors() {
        return lastErrors;
    }
}
