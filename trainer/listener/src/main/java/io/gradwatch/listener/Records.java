package io.gradwatch.listener;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.TrainerState;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of one attempt. Safe for any thread.
 *
 * @param runId the run
 * @param attempt 1 for the first
 * @param run what was said at its start
 * @param clock stamps the records
 */
record Records(String runId, int attempt, RunStarted run, Clock clock) {
    private Envelope.Builder envelope() {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(attempt)
                .setProducedAtMs(clock.millis());
    }

    Envelope started() {
        return envelope().setRunStarted(run).build();
    }

    Envelope iteration(Iteration.Builder iteration) {
        return envelope().setIteration(iteration).build();
    }

    Envelope histograms(Histograms.Builder histograms) {
        return envelope().setHistograms(histograms).build();
    }

    Envelope epoch(Epoch epoch) {
        return envelope().setEpoch(epoch).build();
    }

    Envelope acknowledgement(Acknowledgement answer) {
        return envelope().setAcknowledgement(answer).build();
    }

    Envelope state(TrainerState state) {
        return envelope().setTrainerState(state).build();
    }

    Envelope ended(RunEnded.Outcome outcome, String reason, long iterations, long dropped, @Nullable Result result) {
        RunEnded.Builder end = RunEnded.newBuilder()
                .setStarted(run)
                .setOutcome(outcome)
                .setReason(reason)
                .setEndedAtMs(clock.millis())
                .setIterations(iterations)
                .setDropped(dropped);
        if (result != null) {
            end.setResult(result);
        }
        return envelope().setRunEnded(end).build();
    }
}
