package io.gradwatch.telemetry.rulefile;

import io.gradwatch.telemetry.rules.user.Problem;
import java.nio.file.Path;
import java.util.List;

/**
 * What is known of the rule file.
 *
 * @param file where it is, or would be
 * @param problems why it is not used; empty where there is no reason
 * @param sinceMs since when it has been in this state
 * @param inForceSinceMs since when the present rules have been in force
 */
public record RuleFileStatus(Path file, State state, List<Problem> problems, long sinceMs, long inForceSinceMs) {
    /** How it is with the file. */
    public enum State {
        /** There is none: the standard rules are in force. */
        ABSENT,
        /** It is in force. */
        VALID,
        /** It has mistakes: what was in force before, is. */
        MALFORMED,
        /** It cannot be read: likewise. */
        UNREADABLE
    }

    public RuleFileStatus {
        problems = List.copyOf(problems);
    }
}
