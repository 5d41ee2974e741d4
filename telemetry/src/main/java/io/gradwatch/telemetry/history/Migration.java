package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Brings a history file of an older version to this one, in place and in one transaction: it is of one version or of the
 * other, never between. No row is lost, also none of a run whose records Kafka no longer has.
 */
final class Migration {
    /** The statements that lead from a version to the next one. */
    private static final Map<Integer, List<String>> STEPS =
            Map.of(2, Schema.ADDED_IN_3, 3, Schema.ADDED_IN_4, 4, Schema.ADDED_IN_5, 5, Schema.ADDED_IN_6);

    private Migration() {}

    /** Whether a file of this version can be brought to the present one. */
    static boolean isPossible(int version) {
        for (int v = version; v < Schema.VERSION; v++) {
            if (!STEPS.containsKey(v)) {
                return false;
            }
        }
        return version <= Schema.VERSION;
    }

    /** Takes all steps. When it throws, the file is as it was. */
    static void run(Connection connection, int version) throws SQLException {
        Sql.execute(connection, "BEGIN");
        try {
            for (int v = version; v < Schema.VERSION; v++) {
                for (String statement : STEPS.getOrDefault(v, List.of())) {
                    Sql.execute(connection, statement);
                }
            }
            RunRows.writeFacts(connection, "true");
            Sql.update(
                    connection,
                    "UPDATE meta SET value = ? WHERE name = 'schema_version'",
                    Integer.toString(Schema.VERSION));
            Sql.execute(connection, "COMMIT");
        } catch (SQLException e) {
            Sql.execute(connection, "ROLLBACK");
            throw e;
        }
    }
}
