package io.gradwatch.telemetry.backtest;

import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * A run as history has it, read page by page: memory does not grow with the run. Records that come while it is read are given
 * as well. History does not know where an epoch's record was in the log: its partition and offset are -1.
 */
public final class HistoryRun implements RecordedRun {
    private static final int PAGE = 500;

    private final History history;
    private final RunSummary run;

    public HistoryRun(History history, RunSummary run) {
        this.history = history;
        this.run = run;
    }

    @Override
    public RunDescription description() {
        return run.description();
    }

    @Override
    public String name() {
        return run.name();
    }

    @Override
    public Set<String> labels() {
        return Set.copyOf(run.labels());
    }

    @Override
    public void replay(Events to) {
        Queue<EpochRecord> epochs = new ArrayDeque<>(history.runs()
                .extent(run.id())
                .map(extent -> history.replays().epochs(extent))
                .orElse(List.of()));
        long from = 0;
        while (true) {
            List<IterationRecord> page = history.records().range(run.id(), from, Long.MAX_VALUE, PAGE);
            for (IterationRecord record : page) {
                while (!epochs.isEmpty() && isBefore(epochs.element(), record)) {
                    to.epoch(epochs.remove());
                }
                to.iteration(record);
                from = record.seq() + 1;
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        epochs.forEach(to::epoch);
    }

    /** Whether an epoch had ended when the iteration was made. */
    private static boolean isBefore(EpochRecord epoch, IterationRecord record) {
        return epoch.attempt() < record.attempt()
                || (epoch.attempt() == record.attempt()
                        && epoch.epoch().getIteration() < record.iteration().getIteration());
    }
}
