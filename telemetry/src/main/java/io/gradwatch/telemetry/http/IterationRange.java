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
        return Buckets.of(from, Math.max(from, to.orElseGet(run::end)), most);
    }
}
