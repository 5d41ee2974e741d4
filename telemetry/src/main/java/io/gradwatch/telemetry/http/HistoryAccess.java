package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.ReplayQueries;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.live.Backfill;
import io.gradwatch.telemetry.live.Recording;
import io.gradwatch.telemetry.live.RunView;
import io.gradwatch.telemetry.runs.AttemptRange;
import io.gradwatch.telemetry.runs.RunSummary;
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
        return questions.ask(() -> history.runs().find(runId).map(HistoryAccess::view));
    }

    private static RunView view(RunSummary run) {
        return new RunView(
                RunJson.run(run),
                RunJson.layers(run.description().started()),
                RunJson.batchNorms(run.description().started()));
    }

    @Override
    public Future<List<IterationRecord>> range(String runId, long fromSeq, long beforeSeq, int limit) {
        return questions.ask(() -> history.records().range(runId, fromSeq, beforeSeq, limit));
    }

    @Override
    public Future<Long> seqOfNewest(String runId, int n, long beforeSeq) {
        return questions.ask(() -> history.records().seqOfNewest(runId, n, beforeSeq));
    }

    @Override
    public Future<Optional<Recording>> recording(String runId) {
        return questions.ask(() -> history.runs().find(runId).map(this::recording));
    }

    private Recording recording(RunSummary run) {
        RunExtent extent = history.runs().extent(run.id()).orElseThrow();
        List<ReplayQueries.Place> ends = history.replays().ends(extent);
        RunView view = view(run);
        return new Recording(
                view,
                Integer.toUnsignedLong(run.description().started().getIterationsPerEpoch()),
                ends.isEmpty() ? Recording.Place.NONE : place(ends.get(0)),
                ends.isEmpty() ? Recording.Place.NONE : place(ends.get(ends.size() - 1)),
                extent.attempts().stream()
                        .mapToLong(AttemptRange::firstIteration)
                        .min()
                        .orElse(0),
                extent.end() - 1,
                extent.attempts(),
                Marks.of(
                        history.replays().epochs(extent),
                        history.alerts().ofRun(run.id()),
                        history.replays().attemptsOfTransitions(extent),
                        view.layers(),
                        history.commands().ofRun(run.id()),
                        System.currentTimeMillis()));
    }

    @Override
    public Future<Optional<Recording.Place>> placeOf(String runId, int attempt, long iteration) {
        return questions.ask(() -> history.runs()
                .extent(runId)
                .flatMap(run -> history.replays().at(run, attempt, iteration))
                .map(HistoryAccess::place));
    }

    @Override
    public Future<Optional<Recording.Place>> placeAtTime(String runId, int attempt, long producedAtMs) {
        return questions.ask(() -> history.runs()
                .extent(runId)
                .flatMap(run -> history.replays().atTime(run, attempt, producedAtMs))
                .map(HistoryAccess::place));
    }

    private static Recording.Place place(ReplayQueries.Place p) {
        return new Recording.Place(p.seq(), p.attempt(), p.iteration(), p.epoch(), p.producedAtMs());
    }
}
