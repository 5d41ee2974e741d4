package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.live.Backfill;
import io.gradwatch.telemetry.live.RunView;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;

/** History for live viewers. Any thread; futures complete on a worker's or the caller's context. */
public final class HistoryAccess implements Backfill {
    private final History history;
    private final Questions questions;

    /** Asks {@code history} on a pool of threads of its own. */
    public HistoryAccess(Vertx vertx, History history) {
        this.history = history;
        this.questions = new Questions(vertx);
    }

    Questions questions() {
        return questions;
    }

    @Override
    public Future<Optional<RunView>> describe(String runId) {
        return questions.ask(() -> history.runs()
                .find(runId)
                .map(run -> new RunView(
                        RunJson.run(run),
                        RunJson.layers(run.description().started()),
                        RunJson.batchNorms(run.description().started()))));
    }

    @Override
    public Future<List<IterationRecord>> range(String runId, long fromSeq, long beforeSeq, int limit) {
        return questions.ask(() -> history.records().range(runId, fromSeq, beforeSeq, limit));
    }

    @Override
    public Future<Long> seqOfNewest(String runId, int n, long beforeSeq) {
        return questions.ask(() -> history.records().seqOfNewest(runId, n, beforeSeq));
    }
}
