package io.gradwatch.telemetry.rules.user;

/**
 * A mistake in a rule file.
 *
 * @param file as it was named to the reader
 * @param line from 1 on
 * @param column from 1 on
 * @param message what is wrong, and what is accepted
 */
public record Problem(String file, int line, int column, String message) {
    /** "rules.yaml:12:5: …" */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message;
    }
}
