package io.gradwatch.telemetry.control;

import io.gradwatch.contract.v1.Command;
import java.util.concurrent.CompletionStage;

/** Writes commands into the log, from where trainers, and history, read them. Any thread; does not block. */
public interface CommandLog {
    /**
     * Appends one command.
     *
     * @param attempt of the run that it is meant for, 1 or more
     * @return completes when the brokers have acknowledged it; fails, after some seconds at most, when they do not: then it
     *     may still be in the log
     */
    CompletionStage<Void> append(String runId, int attempt, Command command);
}
