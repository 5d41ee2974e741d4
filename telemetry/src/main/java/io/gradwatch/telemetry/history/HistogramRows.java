package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.telemetry.stream.HistogramsRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;

/** Histograms as rows: one for every kind and layer. Of an iteration that comes twice in an attempt the first counts. */
final class HistogramRows {
    /** The kinds, as the column and the API name them. */
    static final String GRADIENT = "gradient";

    static final String PARAMETER = "parameter";

    private record Attempt(int runKey, int attempt) {}

    private final Connection connection;
    private final DuckDBAppender rows;
    /** Largest iteration of which there are histograms, -1: none. */
    private final Map<Attempt, Long> newest = new HashMap<>();

    HistogramRows(Connection connection, DuckDBAppender rows) {
        this.connection = connection;
        this.rows = rows;
    }

    /** Appends the rows of a record; returns how many: none if there are some of this iteration. */
    int append(int runKey, HistogramsRecord record) throws SQLException {
        long iteration = record.histograms().getIteration();
        Attempt attempt = new Attempt(runKey, record.attempt());
        long last = newest(attempt);
        if (iteration <= last && exists(attempt, iteration)) {
            return 0;
        }
        newest.put(attempt, Math.max(last, iteration));
        Histograms h = record.histograms();
        return append(attempt, record, GRADIENT, h.getGradientsList())
                + append(attempt, record, PARAMETER, h.getParametersList());
    }

    private int append(Attempt attempt, HistogramsRecord record, String kind, List<Histogram> histograms)
            throws SQLException {
        Histograms h = record.histograms();
        for (int layer = 0; layer < histograms.size(); layer++) {
            Histogram one = histograms.get(layer);
            rows.beginRow();
            rows.append(attempt.runKey()).append(attempt.attempt()).append(h.getIteration());
            rows.append(Integer.toUnsignedLong(h.getEpoch())).append(record.producedAtMs());
            rows.append(kind).append(layer).append(one.getFirstBin());
            rows.append(one.getCountsList().stream().mapToLong(n -> n).toArray());
            rows.append(one.getZeros()).append(one.getBelow());
            rows.append(one.getAbove()).append(one.getNotFinite());
            rows.endRow();
        }
        return histograms.size();
    }

    private long newest(Attempt attempt) throws SQLException {
        Long known = newest.get(attempt);
        if (known == null) { // then there is nothing of it that is not flushed
            known = Sql.first(
                            connection,
                            "SELECT coalesce(max(iteration), -1) FROM histograms WHERE run_key = ? AND attempt = ?",
                            row -> row.getLong(1),
                            attempt.runKey(),
                            attempt.attempt())
                    .orElseThrow();
        }
        return known;
    }

    private boolean exists(Attempt attempt, long iteration) throws SQLException {
        rows.flush();
        return Sql.first(
                        connection,
                        "SELECT 1 FROM histograms WHERE run_key = ? AND attempt = ? AND iteration = ? LIMIT 1",
                        row -> true,
                        attempt.runKey(),
                        attempt.attempt(),
                        iteration)
                .isPresent();
    }
}
