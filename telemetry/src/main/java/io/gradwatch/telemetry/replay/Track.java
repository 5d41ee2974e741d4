package io.gradwatch.telemetry.replay;

import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.ArrayDeque;
import java.util.List;

/** What has been read ahead of one run, and when its next record is due. */
final class Track {
    private final Axis axis;
    private final ArrayDeque<IterationRecord> ahead = new ArrayDeque<>();
    /** When the record before the next one was made; -1: nothing was played yet. */
    private long lastMadeAtMs = -1;

    private double newestAhead = Double.NEGATIVE_INFINITY;
    private boolean complete;
    /** Greatest position played. */
    private double reached = Double.NEGATIVE_INFINITY;

    /** Recorded milliseconds that have passed since the last record played. */
    double since;

    Track(Axis axis) {
        this.axis = axis;
    }

    void restart(long lastMadeAt, double passed, double position) {
        ahead.clear();
        lastMadeAtMs = lastMadeAt;
        newestAhead = Double.NEGATIVE_INFINITY;
        complete = false;
        since = passed;
        reached = position;
    }

    void offer(List<IterationRecord> records) {
        for (IterationRecord record : records) {
            ahead.addLast(record);
            newestAhead = Math.max(newestAhead, axis.of(record));
        }
    }

    void complete() {
        complete = true;
    }

    boolean isComplete() {
        return complete;
    }

    int ahead() {
        return ahead.size();
    }

    boolean isOver() {
        return complete && ahead.isEmpty();
    }

    double reached() {
        return reached;
    }

    double axisOf(IterationRecord record) {
        return axis.of(record);
    }

    /** Whether everything up to a position has been read. */
    boolean covers(double position) {
        return complete || newestAhead >= position;
    }

    /** The next record; only where {@link #ahead} is not 0. */
    IterationRecord next() {
        return ahead.getFirst();
    }

    /** Recorded milliseconds between the last record played and the next one. */
    double gap(Pace pace) {
        return lastMadeAtMs < 0 ? 0 : pace.gap(next().producedAtMs() - lastMadeAtMs);
    }

    /** How far the clock may go before it needs what has not been read. */
    double room(Pace pace) {
        if (complete) {
            return Double.POSITIVE_INFINITY;
        }
        if (ahead.isEmpty()) {
            return 0;
        }
        double sum = 0;
        long before = lastMadeAtMs;
        for (IterationRecord record : ahead) {
            sum += before < 0 ? 0 : pace.gap(record.producedAtMs() - before);
            before = record.producedAtMs();
        }
        return Math.max(0, sum - since);
    }

    IterationRecord play() {
        IterationRecord record = ahead.removeFirst();
        lastMadeAtMs = record.producedAtMs();
        reached = Math.max(reached, axis.of(record));
        return record;
    }
}
