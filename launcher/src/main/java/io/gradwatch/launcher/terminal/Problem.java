package io.gradwatch.launcher.terminal;

/**
 * Something that the user can put right, or must know: ends the command with a message instead of a stack trace. The
 * message says what is wrong, where, and what is accepted or can be done.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    private Problem(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** What was asked for cannot be done as asked: exit code 2. */
    public static Problem usage(String message) {
        return new Problem(2, message);
    }

    /** It was tried and failed: exit code 1. */
    public static Problem failure(String message) {
        return new Problem(1, message);
    }

    /** A child said what is wrong and chose the exit code; 1 where its own is neither 1 nor 2. */
    public static Problem ofChild(int exitCode, String message) {
        return new Problem(exitCode == 2 ? 2 : 1, message.replaceFirst("^(error|gradwatch): ", ""));
    }

    public int exitCode() {
        return exitCode;
    }
}
