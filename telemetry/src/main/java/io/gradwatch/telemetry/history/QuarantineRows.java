package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/**
 * Rows of the quarantine. The newest are kept, up to a number and a size, so that a producer that sends nothing else cannot
 * fill the disk; what goes is counted as malformed all the same, and is in Kafka as long as Kafka keeps it.
 */
final class QuarantineRows {
    /** Records that are kept at most, up to one round more. */
    static final int KEPT_RECORDS = 100_000;

    /** Bytes of values that are kept at most, up to one round more. */
    static final long KEPT_BYTES = 256L << 20;

    /** Records after which the oldest are looked at again. */
    static final int ROUND = 5000;

    private static final String TRIM = "DELETE FROM quarantine WHERE number <= (SELECT coalesce(max(number), -1) FROM"
            + " (SELECT number, row_number() OVER newest AS place,"
            + " sum(least(size, " + QuarantinedRecord.KEPT_BYTES + ")) OVER newest AS held"
            + " FROM quarantine WINDOW newest AS (ORDER BY number DESC)) WHERE place > ? OR held > ?)";

    private int appended;

    void append(DuckDBAppender rows, QuarantinedRecord record) throws SQLException {
        rows.beginRow();
        rows.append(record.number()).append(record.topic()).append(record.partition());
        rows.append(record.offset()).append(record.timeMs()).append(record.key());
        rows.append(record.reason()).append(record.size());
        rows.append(record.bytes().toByteArray());
        rows.endRow();
        appended++;
    }

    /** Whether a round is full. */
    boolean isDue() {
        return appended >= ROUND;
    }

    /** Removes the oldest beyond what is kept; what was appended has to be flushed. */
    void trim(Connection connection) throws SQLException {
        appended = 0;
        Sql.update(connection, TRIM, KEPT_RECORDS, KEPT_BYTES);
    }
}
