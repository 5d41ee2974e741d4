package io.gradwatch.experiments.run;

/** How a run ended. */
public sealed interface RunOutcome {
    /** One sentence. */
    String reason();

    /** At its planned end. */
    record Finished(String reason) implements RunOutcome {}

    /** Before it, because somebody asked for it. */
    record Stopped(String reason) implements RunOutcome {}

    /** By a failure. */
    record Failed(String reason, Throwable cause) implements RunOutcome {}
}
