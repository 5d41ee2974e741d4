package io.gradwatch.experiments.cli;

import java.util.List;

/** A command that cannot be done as it was given: exit code 2. */
final class UsageException extends Exception {
    private final List<String> problems;

    UsageException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each a message for the user. */
    List<String> problems() {
        return problems;
    }
}
