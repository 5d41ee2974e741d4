package io.gradwatch.telemetry.history;

import io.gradwatch.telemetry.runs.AttemptRange;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What newer attempts of a run have replaced. Any thread; methods block, and throw {@link HistoryException}. */
public final class SupersededQueries {
    private final Readers readers;

    SupersededQueries(Readers readers) {
        this.readers = readers;
    }

    /**
     * The replaced part of an attempt.
     *
     * @param from its first iteration that does not count
     * @param to one more than its last
     * @param buckets of a metric of the whole run, in ascending order, without empty ones
     */
    public record Stretch(int attempt, long from, long to, List<Bucket> buckets) {
        public Stretch {
            buckets = List.copyOf(buckets);
        }
    }

    /**
     * The replaced parts of a run's attempts, oldest first, exact over all raw rows.
     *
     * @param metric one of the whole run
     * @param most most buckets of each part
     * @param only this attempt; empty for all
     */
    public List<Stretch> of(RunExtent run, Metric metric, int most, OptionalInt only) {
        if (metric.scope() != Metric.Scope.RUN) {
            throw new IllegalArgumentException(metric.name());
        }
        List<Stretch> stretches = new ArrayList<>();
        long limit = Long.MAX_VALUE;
        for (int i = run.attempts().size() - 1; i >= 0; i--) {
            AttemptRange a = run.attempts().get(i);
            boolean wanted = only.isEmpty() || only.getAsInt() == a.attempt();
            if (wanted && limit != Long.MAX_VALUE && a.lastIteration() >= limit) {
                stretches.add(0, stretch(run, metric, most, a, Math.max(limit, a.firstIteration())));
            }
            limit = Math.min(limit, a.firstIteration());
        }
        return stretches;
    }

    private Stretch stretch(RunExtent run, Metric metric, int most, AttemptRange attempt, long from) {
        long to = attempt.lastIteration() + 1;
        long width = Math.max(1, (to - from + most - 1) / most);
        List<Bucket> buckets = readers.read(c -> Sql.query(
                c,
                "SELECT b, count(*) AS n, min(v) FILTER (isfinite(v)) AS low, max(v) FILTER (isfinite(v)) AS high,"
                        + " avg(v::DOUBLE) FILTER (isfinite(v)) AS middle, arg_min(v, iteration) AS earliest,"
                        + " arg_max(v, iteration) AS latest, count(*) FILTER (isnan(v)) AS nans,"
                        + " count(*) FILTER (isinf(v)) AS infs FROM (SELECT (iteration - ?) // ? AS b, iteration, ("
                        + metric.expression() + ")::" + metric.kind().type() + " AS v FROM " + metric.table()
                        + " WHERE run_key = ? AND attempt = ? AND iteration >= ?) WHERE v IS NOT NULL"
                        + " GROUP BY b ORDER BY b",
                row -> new Bucket(
                        from + row.getLong("b") * width,
                        Math.min(to, from + (row.getLong("b") + 1) * width),
                        row.getLong("n"),
                        Sql.maybeDouble(row, "low"),
                        Sql.maybeDouble(row, "high"),
                        Sql.maybeDouble(row, "middle"),
                        row.getDouble("earliest"),
                        row.getDouble("latest"),
                        row.getLong("nans"),
                        row.getLong("infs")),
                from,
                width,
                run.runKey(),
                attempt.attempt(),
                from));
        return new Stretch(attempt.attempt(), from, to, buckets);
    }
}
