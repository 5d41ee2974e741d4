package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Buckets;
import io.gradwatch.telemetry.history.RunExtent;
import java.util.Optional;

/** The part of a run that is asked for; its end may be left to what there is. */
record IterationRange(long from, Optional<Long> to) {
    private static final long MOST = Long.MAX_VALUE / 2;

    static IterationRange of(QueryParameters query) {
        long from = query.whole("from", 0, 0, MOST);
        Optional<Long> to = query.text("to").map(text -> query.whole("to", 0, 0, MOST));
        to.filter(t -> t <= from).ifPresent(t -> {
            throw ApiProblem.badValue("to", Long.toString(t), "a whole number above from, which is " + from);
        });
        return new IterationRange(from, to);
    }

    Buckets buckets(RunExtent run, int most) {
        return buckets(run.end(), "iteration", most);
    }

    /**
     * The range in buckets.
     *
     * @param end one more than the last place that there is; 0: none yet
     * @param unit what the places are
     * @throws ApiProblem when nothing of the range is in the run
     */
    Buckets buckets(long end, String unit, int most) {
        if (from >= end && from > 0) {
            throw ApiProblem.badValue(
                    "from",
                    Long.toString(from),
                    end == 0
                            ? "0: there are no iterations yet"
                            : "0 to " + (end - 1) + ", the last " + unit + " that there is");
        }
        return Buckets.of(from, Math.max(from, to.orElse(end)), most);
    }
}
