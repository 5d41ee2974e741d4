package io.gradwatch.telemetry.http;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.HistogramsRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.ArrayList;
import java.util.List;

/** Records of history in the form of the log. */
final class Envelopes {
    private Envelopes() {}

    /** The start of the newest attempt, and its end if it has ended. */
    static List<Envelope> ofRun(RunSummary run) {
        List<Envelope> envelopes = new ArrayList<>();
        int attempt = run.description().attempt();
        envelopes.add(envelope(run.id(), attempt, run.startedAtMs())
                .setRunStarted(run.description().started())
                .build());
        Long endedAt = run.endedAtMs();
        if (endedAt != null) {
            RunEnded.Builder ended = RunEnded.newBuilder()
                    .setStarted(run.description().started())
                    .setReason(run.reason())
                    .setEndedAtMs(endedAt)
                    .setDropped(run.dropped())
                    .setOutcome(
                            switch (run.phase()) {
                                case FINISHED -> RunEnded.Outcome.FINISHED;
                                case STOPPED -> RunEnded.Outcome.STOPPED;
                                case FAILED -> RunEnded.Outcome.FAILED;
                                default -> RunEnded.Outcome.OUTCOME_UNSPECIFIED;
                            });
            run.attempts().stream().filter(a -> a.attempt() == attempt).forEach(a -> ended.setIterations(a.records()));
            Result result = run.result();
            if (result != null) {
                ended.setResult(result);
            }
            envelopes.add(
                    envelope(run.id(), attempt, endedAt).setRunEnded(ended).build());
        }
        return envelopes;
    }

    static Envelope of(IterationRecord record) {
        return envelope(record.runId(), record.attempt(), record.producedAtMs())
                .setIteration(record.iteration())
                .build();
    }

    static Envelope of(EpochRecord record) {
        return envelope(record.runId(), record.attempt(), record.producedAtMs())
                .setEpoch(record.epoch())
                .build();
    }

    static Envelope of(HistogramsRecord record) {
        return envelope(record.runId(), record.attempt(), record.producedAtMs())
                .setHistograms(record.histograms())
                .build();
    }

    private static Envelope.Builder envelope(String runId, int attempt, long producedAtMs) {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(attempt)
                .setProducedAtMs(producedAtMs);
    }
}
