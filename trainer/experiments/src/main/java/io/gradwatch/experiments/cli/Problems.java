package io.gradwatch.experiments.cli;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a command's arguments, so that a user hears it all at once. */
final class Problems {
    private final List<String> messages = new ArrayList<>();

    /** Adds one: what is wrong, where, and what is accepted. */
    void add(String message) {
        messages.add(message);
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    /** @throws UsageException with all of them, if there are any */
    void throwIfAny() throws UsageException {
        if (!messages.isEmpty()) {
            throw new UsageException(messages);
        }
    }
}
