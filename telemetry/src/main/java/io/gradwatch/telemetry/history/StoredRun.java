package io.gradwatch.telemetry.history;

import io.gradwatch.telemetry.runs.RunTracker;
import java.util.Optional;

/**
 * A run as it is taken up again after a restart.
 *
 * @param runKey its number in history
 * @param ruleState what the rules remembered, in their form; empty when there was nothing
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record StoredRun(int runKey, RunTracker tracker, Optional<byte[]> ruleState) {}
