package io.gradwatch.telemetry.history;

import io.gradwatch.telemetry.stream.IterationRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Iteration records as they were in the log. Any thread; methods may block, and throw {@link HistoryException}. */
public final class RecordQueries {
    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    private static final String RUN = "run_key = ?";

    private final Readers readers;

    RecordQueries(Readers readers) {
        this.readers = readers;
    }

    /**
     * The records of a run with {@code fromSeq <= seq < beforeSeq} in ascending order of seq, the first {@code limit} of
     * them; of all attempts. Each is equal to the one in the log, but for fields that this version does not know.
     */
    public List<IterationRecord> range(String runId, long fromSeq, long beforeSeq, int limit) {
        return readers.read(c -> {
            int runKey = runKey(c, runId);
            IterationReader reader = new IterationReader(runId);
            long[] last = {Long.MIN_VALUE};
            each(
                    c,
                    "SELECT * FROM iterations WHERE " + RUN + " AND seq >= ? AND seq < ? ORDER BY seq LIMIT " + limit,
                    row -> {
                        reader.scalars(row);
                        last[0] = row.getLong("seq");
                    },
                    runKey,
                    fromSeq,
                    beforeSeq);
            if (last[0] == Long.MIN_VALUE) {
                return List.of();
            }
            String rows = " WHERE " + RUN + " AND seq >= ? AND seq <= ? ORDER BY seq, ";
            each(
                    c,
                    "SELECT " + IterationReader.LAYER_COLUMNS + " FROM layer_values" + rows + "layer",
                    reader::layer,
                    runKey,
                    fromSeq,
                    last[0]);
            each(
                    c,
                    "SELECT " + IterationReader.BN_COLUMNS + " FROM bn_values" + rows + "bn",
                    reader::batchNorm,
                    runKey,
                    fromSeq,
                    last[0]);
            each(
                    c,
                    "SELECT " + SampleRows.LAYER_COLUMNS + " FROM layer_samples" + rows + "layer",
                    reader::layerSample,
                    runKey,
                    fromSeq,
                    last[0]);
            return reader.records();
        });
    }

    /**
     * The seq of the n-th newest of a run's records with {@code seq < beforeSeq}; -1 when there are fewer than {@code n}.
     *
     * @param n 1 or more; 1 is the newest
     */
    public long seqOfNewest(String runId, int n, long beforeSeq) {
        return readers.read(c -> Sql.first(
                        c,
                        "SELECT seq FROM iterations WHERE " + RUN + " AND seq < ? ORDER BY seq DESC LIMIT 1 OFFSET "
                                + (n - 1),
                        row -> row.getLong(1),
                        runKey(c, runId),
                        beforeSeq)
                .orElse(-1L));
    }

    /** Number of the run; -1, which no row has, when there is none. */
    private static int runKey(Connection c, String runId) throws SQLException {
        return Sql.first(c, "SELECT run_key FROM runs WHERE id = ?", row -> row.getInt(1), runId)
                .orElse(-1);
    }

    private static void each(Connection c, String sql, Row taker, Object... arguments) throws SQLException {
        Sql.query(
                c,
                sql,
                row -> {
                    taker.take(row);
                    return true;
                },
                arguments);
    }
}
