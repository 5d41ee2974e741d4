package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tables. They have no keys or indices: one writer keeps them consistent, and zone maps find rows as fast.
 *
 * <p>NULL means not measured; a measured NaN is a NaN. Times are milliseconds since the epoch.
 */
final class Schema {
    /** Version that this code writes and reads. */
    static final int VERSION = 6;

    /** Columns of {@code bn_values} in the order of the wire format: six quantities, three summaries each. */
    static final List<String> BN_QUANTITIES =
            List.of("gamma", "beta", "batch_mean", "batch_var", "running_mean", "running_var");

    /** Columns of {@code layer_samples}, in the order of the wire format. */
    static final List<String> LAYER_SAMPLES = List.of(
            "activation_mean",
            "activation_std",
            "activation_negative_fraction",
            "activation_one_sided_fraction",
            "shattering_layer_correlation");

    /** Columns of {@code iterations} that are sampled, in the order of the wire format. */
    static final List<String> CURVATURE_COLUMNS = List.of(
            "curvature_step",
            "curvature_gradient_square",
            "curvature_gradient_curvature",
            "curvature_predicted_change",
            "curvature_actual_change",
            "curvature_cost_ms");

    static final List<String> SHATTERING_COLUMNS = List.of("shattering_correlation", "shattering_cost_ms");

    static final List<String> RESOURCE_COLUMNS = List.of(
            "resources_process_cpu",
            "resources_system_cpu",
            "resources_heap_bytes",
            "resources_resident_bytes",
            "resources_native_bytes",
            "resources_gpu",
            "resources_gpu_bytes");

    /** All sampled columns of {@code iterations}, in their order. */
    static final List<String> SAMPLED_COLUMNS = Stream.of(CURVATURE_COLUMNS, SHATTERING_COLUMNS, RESOURCE_COLUMNS)
            .flatMap(List::stream)
            .toList();

    private static final List<String> DDL = List.of(
            "CREATE TABLE meta (name VARCHAR NOT NULL, value VARCHAR NOT NULL)",
            "CREATE TABLE offsets (topic VARCHAR NOT NULL, partition INTEGER NOT NULL, next_offset BIGINT NOT NULL)",
            "CREATE TABLE counters (name VARCHAR NOT NULL, value BIGINT NOT NULL)",
            // one row a run; started is the RunStarted message of its newest attempt
            "CREATE TABLE runs (run_key INTEGER NOT NULL, id VARCHAR NOT NULL, attempt INTEGER NOT NULL,"
                    + " announced BOOLEAN NOT NULL, started BLOB NOT NULL, name VARCHAR NOT NULL,"
                    + " preset VARCHAR NOT NULL, tags VARCHAR[] NOT NULL, started_at BIGINT NOT NULL)",
            // one row a run, the part that changes all the time
            "CREATE TABLE progress (run_key INTEGER NOT NULL, phase VARCHAR NOT NULL, ended_at BIGINT,"
                    + " last_seen BIGINT NOT NULL, reason VARCHAR NOT NULL, iteration BIGINT, epoch BIGINT, loss FLOAT,"
                    + " accuracy FLOAT, learning_rate FLOAT, dropped BIGINT NOT NULL, validation_loss FLOAT,"
                    + " validation_accuracy FLOAT, best_validation_accuracy FLOAT, seq BIGINT NOT NULL,"
                    + " partition INTEGER NOT NULL, firing_alerts INTEGER NOT NULL, worst_severity INTEGER,"
                    + " rule_state BLOB, result BLOB, samples INTEGER NOT NULL)",
            "CREATE TABLE attempts (run_key INTEGER NOT NULL, attempt INTEGER NOT NULL, first_iteration BIGINT NOT NULL,"
                    + " last_iteration BIGINT NOT NULL, records BIGINT NOT NULL)",
            // layers and BN layers of the newest attempt
            "CREATE TABLE layers (run_key INTEGER NOT NULL, layer INTEGER NOT NULL, name VARCHAR NOT NULL,"
                    + " type VARCHAR NOT NULL, main_path BOOLEAN NOT NULL, block VARCHAR NOT NULL,"
                    + " shape BIGINT[] NOT NULL)",
            "CREATE TABLE batch_norms (run_key INTEGER NOT NULL, bn INTEGER NOT NULL, name VARCHAR NOT NULL,"
                    + " layer INTEGER NOT NULL, channels BIGINT NOT NULL)",
            // presence: which messages of the record were there, see IterationRows
            "CREATE TABLE iterations (run_key INTEGER NOT NULL, attempt INTEGER NOT NULL, iteration BIGINT NOT NULL,"
                    + " seq BIGINT NOT NULL, partition INTEGER NOT NULL, produced_at BIGINT NOT NULL,"
                    + " epoch BIGINT NOT NULL, batch_size BIGINT NOT NULL, loss FLOAT, accuracy FLOAT,"
                    + " learning_rate FLOAT, iteration_ms FLOAT, telemetry_ms FLOAT, dropped BIGINT NOT NULL,"
                    + " presence INTEGER NOT NULL, " + sampledColumns() + ")",
            "CREATE TABLE layer_values (run_key INTEGER NOT NULL, attempt INTEGER NOT NULL, iteration BIGINT NOT NULL,"
                    + " seq BIGINT NOT NULL, layer INTEGER NOT NULL, mean_abs FLOAT, l2 FLOAT, max_abs FLOAT,"
                    + " zero_fraction FLOAT, nan_count BIGINT, inf_count BIGINT, parameter_l2 FLOAT,"
                    + " update_ratio FLOAT)",
            // what is sampled by layer: rows of sampled iterations only
            "CREATE TABLE layer_samples (run_key INTEGER NOT NULL, attempt INTEGER NOT NULL, iteration BIGINT NOT NULL,"
                    + " seq BIGINT NOT NULL, layer INTEGER NOT NULL, "
                    + String.join(" FLOAT, ", LAYER_SAMPLES) + " FLOAT)",
            "CREATE TABLE bn_values (run_key INTEGER NOT NULL, attempt INTEGER NOT NULL, iteration BIGINT NOT NULL,"
                    + " seq BIGINT NOT NULL, bn INTEGER NOT NULL, " + bnColumns() + ", drift FLOAT)",
            "CREATE TABLE epochs (run_key INTEGER NOT NULL, attempt INTEGER NOT NULL, epoch BIGINT NOT NULL,"
                    + " iteration BIGINT NOT NULL, produced_at BIGINT NOT NULL, train_loss FLOAT,"
                    + " train_accuracy FLOAT, validation_loss FLOAT, validation_accuracy FLOAT, learning_rate FLOAT,"
                    + " duration_ms FLOAT, test_loss FLOAT, test_accuracy FLOAT)",
            // one row for every layer of every Histograms record and kind ('gradient', 'parameter')
            "CREATE TABLE histograms (run_key INTEGER NOT NULL, attempt INTEGER NOT NULL, iteration BIGINT NOT NULL,"
                    + " epoch BIGINT NOT NULL, produced_at BIGINT NOT NULL, kind VARCHAR NOT NULL,"
                    + " layer INTEGER NOT NULL, first_bin INTEGER NOT NULL, counts BIGINT[] NOT NULL,"
                    + " zeros BIGINT NOT NULL, below BIGINT NOT NULL, above BIGINT NOT NULL,"
                    + " not_finite BIGINT NOT NULL)",
            // one row a transition; alert is the Alert message
            "CREATE TABLE transitions (alert_key INTEGER NOT NULL, alert_id VARCHAR NOT NULL,"
                    + " transition INTEGER NOT NULL, run_key INTEGER NOT NULL, attempt INTEGER NOT NULL,"
                    + " state VARCHAR NOT NULL, produced_at BIGINT NOT NULL, alert BLOB NOT NULL,"
                    + " published BOOLEAN NOT NULL)",
            // records that could not be read; bytes: the first 64 KiB
            "CREATE TABLE quarantine (number BIGINT NOT NULL, topic VARCHAR NOT NULL, partition INTEGER NOT NULL,"
                    + " \"offset\" BIGINT NOT NULL, \"time\" BIGINT NOT NULL, key VARCHAR NOT NULL,"
                    + " reason VARCHAR NOT NULL, size BIGINT NOT NULL, bytes BLOB NOT NULL)");

    /**
     * What version 3 added to version 2. A new file gets it after {@link #DDL}, an old one from {@link Migration}, so both
     * end with the same tables: a column that is added to a table stands here, as ALTER TABLE, and not above.
     */
    static final List<String> ADDED_IN_3 = List.of(
            // records that Kafka had deleted before they were read
            "CREATE TABLE losses (topic VARCHAR NOT NULL, partition INTEGER NOT NULL, first_offset BIGINT NOT NULL,"
                    + " last_offset BIGINT NOT NULL, noticed_at BIGINT NOT NULL)",
            // what people say about runs, by id: the run itself may not be known yet
            "CREATE TABLE annotations (run_id VARCHAR NOT NULL, name VARCHAR NOT NULL, tags VARCHAR[] NOT NULL,"
                    + " notes VARCHAR NOT NULL, labels VARCHAR[] NOT NULL, deleted BOOLEAN NOT NULL)",
            // what a run can be found by beside the columns of runs and progress: RunFacts, one row a run
            "CREATE TABLE facts (run_key INTEGER NOT NULL, facts MAP(VARCHAR, VARCHAR) NOT NULL)",
            // runs that came from files: the log does not have them; origin is the name of the file
            "CREATE TABLE imported_runs (run_key INTEGER NOT NULL, origin VARCHAR NOT NULL, imported_at BIGINT NOT NULL)");

    /** What version 4 added to version 3; likewise. */
    static final List<String> ADDED_IN_4 = List.of(
            // one row for each Command and Acknowledgement message; of several with one id the first
            "CREATE TABLE commands (run_key INTEGER NOT NULL, attempt INTEGER NOT NULL, command_id VARCHAR NOT NULL,"
                    + " produced_at BIGINT NOT NULL, command BLOB NOT NULL)",
            "CREATE TABLE command_answers (run_key INTEGER NOT NULL, attempt INTEGER NOT NULL,"
                    + " command_id VARCHAR NOT NULL, produced_at BIGINT NOT NULL, answer BLOB NOT NULL)");

    /** What version 5 added to version 4; likewise. message: the RunAnnotation; null: made of the other columns. */
    static final List<String> ADDED_IN_5 = List.of(
            "ALTER TABLE annotations ADD COLUMN message BLOB",
            // ids of alerts
            "ALTER TABLE annotations ADD COLUMN acknowledged VARCHAR[]");

    /**
     * What version 6 added to version 5; likewise. Rows of {@code runs} whose partition another service of the group owns: no
     * query finds a run that stands here. A column that is added to runs is to be added here, too.
     */
    static final List<String> ADDED_IN_6 = List.of("CREATE TABLE runs_away AS SELECT * FROM runs LIMIT 0");

    private Schema() {}

    static void create(Connection connection) throws SQLException {
        Sql.execute(connection, "BEGIN");
        for (String statement : DDL) {
            Sql.execute(connection, statement);
        }
        for (String statement : ADDED_IN_3) {
            Sql.execute(connection, statement);
        }
        for (String statement : ADDED_IN_4) {
            Sql.execute(connection, statement);
        }
        for (String statement : ADDED_IN_5) {
            Sql.execute(connection, statement);
        }
        for (String statement : ADDED_IN_6) {
            Sql.execute(connection, statement);
        }
        Sql.update(
                connection,
                "INSERT INTO meta VALUES ('product', 'gradwatch'), ('schema_version', ?)",
                Integer.toString(VERSION));
        Sql.execute(connection, "COMMIT");
    }

    /** Whether nothing has been created in the file yet. */
    static boolean isEmpty(Connection connection) throws SQLException {
        return Sql.query(connection, "SELECT 1 FROM duckdb_tables() LIMIT 1", row -> 1)
                .isEmpty();
    }

    /** The version of the file, or empty when it is not one of Gradwatch's. */
    static Optional<String> version(Connection connection) throws SQLException {
        boolean ours = !Sql.query(
                        connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'meta' LIMIT 1", row -> 1)
                .isEmpty();
        return ours ? meta(connection, "schema_version") : Optional.empty();
    }

    static Optional<String> meta(Connection connection, String name) throws SQLException {
        return Sql.first(connection, "SELECT value FROM meta WHERE name = ?", row -> row.getString(1), name);
    }

    private static String sampledColumns() {
        return String.join(
                ", ", SAMPLED_COLUMNS.stream().map(c -> c + " " + type(c)).toList());
    }

    private static String type(String sampledColumn) {
        if (sampledColumn.endsWith("_bytes")) {
            return "BIGINT";
        }
        return sampledColumn.startsWith("curvature_gradient_") || sampledColumn.endsWith("_change")
                ? "DOUBLE"
                : "FLOAT";
    }

    private static String bnColumns() {
        return String.join(
                ", ",
                BN_QUANTITIES.stream()
                        .map(q -> q + "_mean FLOAT, " + q + "_min FLOAT, " + q + "_max FLOAT")
                        .toList());
    }
}
