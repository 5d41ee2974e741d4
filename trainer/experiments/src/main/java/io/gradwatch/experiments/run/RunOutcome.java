package io.gradwatch.experiments.run;

import java.util.Optional;

/** How a run ended. */
public sealed interface RunOutcome {
    /** One sentence. */
    String reason();

    /** What the run came to; empty where it did not reach its planned end. */
    default Optional<RunResult> result() {
        return Optional.empty();
    }

    /** At its planned end. */
    record Finished(String reason, RunResult figures) implements RunOutcome {
        @Override
        public Optional<RunResult> result() {
            return Optional.of(figures);
        }
    }

    /** Before it, because somebody asked for it. */
    record Stopped(String reason) implements RunOutcome {}

    /** By a failure. */
    record Failed(String reason, Throwable cause) implements RunOutcome {}
}
