package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first difference of two runs. Any thread; methods block, and throw {@link HistoryException}. */
public final class DivergenceQueries {
    /** Rows that are compared at a time: a bound on memory, and what comes after the first difference is not read. */
    private static final long ROWS = 1 << 20;

    private final Readers readers;

    DivergenceQueries(Readers readers) {
        this.readers = readers;
    }

    /**
     * Compares two runs in the iterations that both have; each as it counts, with its newest attempts.
     *
     * @param tolerance 0: values are equal when all of their bits are, save that any NaN equals any other; else they are
     *     equal when they differ by at most this share of the larger one's size. A NaN, an infinity and a value that was not
     *     measured equal only their own kind.
     */
    public Divergence compare(RunExtent a, RunExtent b, List<Metric> metrics, double tolerance) {
        long from = Math.max(first(a), first(b));
        long to = Math.max(from, Math.min(a.end(), b.end()));
        return readers.read(c -> {
            List<Divergence.OfMetric> found = new ArrayList<>();
            for (Metric metric : metrics) {
                found.add(new Pair(a, b, metric, tolerance).compare(c, from, to));
            }
            return new Divergence(from, to, found);
        });
    }

    private static long first(RunExtent run) {
        return run.attempts().stream()
                .mapToLong(at -> at.firstIteration())
                .min()
                .orElse(0);
    }

    private record Pair(RunExtent a, RunExtent b, Metric metric, double tolerance) {
        Divergence.OfMetric compare(Connection c, long from, long to) throws SQLException {
            int layers = metric.scope() == Metric.Scope.RUN ? 1 : Math.max(1, Math.max(a.layers(), b.layers()));
            long step = Math.max(1, ROWS / layers);
            for (long at = from; at < to; at += step) {
                long end = Math.min(to, at + step);
                Long iteration = Sql.query(c, "SELECT min(iteration) " + pairs(at, end) + " WHERE " + differ(), row -> {
                            long found = row.getLong(1);
                            return new Found(row.wasNull() ? null : found);
                        })
                        .get(0)
                        .iteration();
                if (iteration != null) {
                    return new Divergence.OfMetric(metric, iteration, differences(c, iteration));
                }
            }
            return new Divergence.OfMetric(metric, null, List.of());
        }

        private record Found(@Nullable Long iteration) {}

        private List<Divergence.Difference> differences(Connection c, long iteration) throws SQLException {
            boolean perLayer = metric.scope() != Metric.Scope.RUN;
            return Sql.query(
                    c,
                    "SELECT layer, a, b " + pairs(iteration, iteration + 1) + " WHERE " + differ() + " ORDER BY layer",
                    row -> {
                        int layer = row.getInt(1);
                        double x = row.getDouble(2);
                        Double first = row.wasNull() ? null : (Double) x;
                        double y = row.getDouble(3);
                        Double second = row.wasNull() ? null : (Double) y;
                        return new Divergence.Difference(perLayer ? (Integer) layer : null, first, second);
                    });
        }

        /** Iterations of which a run has no row at all are not compared, layers that only one of them has are. */
        private String pairs(long from, long to) {
            String iterations = "SELECT iteration FROM (" + rows(a, from, to, "iterations", "0") + ") SEMI JOIN ("
                    + rows(b, from, to, "iterations", "0") + ") USING (iteration)";
            String table = metric.table();
            String value = "(" + metric.expression() + ")::" + metric.kind().type();
            String index =
                    metric.scope() == Metric.Scope.RUN ? "0" : metric.scope().index();
            return "FROM (" + rows(a, from, to, table, value + " AS a, " + index) + ") FULL JOIN ("
                    + rows(b, from, to, table, value + " AS b, " + index)
                    + ") USING (iteration, layer) SEMI JOIN (" + iterations + ") USING (iteration)";
        }

        private static String rows(RunExtent run, long from, long to, String table, String columns) {
            return "SELECT iteration, " + columns + " AS layer FROM " + table + " WHERE run_key = " + run.runKey()
                    + " AND iteration >= " + from + " AND iteration < " + to + " AND " + run.visible();
        }

        private String differ() {
            if (tolerance == 0) {
                return "(a IS DISTINCT FROM b OR (NOT isnan(a) AND signbit(a) <> signbit(b)))";
            }
            return "CASE WHEN isfinite(a) AND isfinite(b) THEN abs(a::DOUBLE - b::DOUBLE) > " + tolerance
                    + " * greatest(abs(a::DOUBLE), abs(b::DOUBLE)) ELSE a IS DISTINCT FROM b END";
        }
    }
}
