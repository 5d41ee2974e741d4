package io.gradwatch.telemetry.backtest;

import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.archive.Imports;
import io.gradwatch.telemetry.archive.RunZip;
import io.gradwatch.telemetry.history.History;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program that makes an exported run small enough to be kept as test data: what no rule looks at is taken away (extremes of
 * gradients and batch norms but for γ, resources, alerts), and numbers of layers and batch norms are rounded to 10 binary
 * digits, a relative error of at most 0.05 %. Loss, accuracy, learning rate and epochs stay as they were recorded.
 *
 * <p>Arguments: exported run, file to write.
 */
final class TrimRun {
    private static final List<String> LAYERS =
            List.of("mean_abs", "l2", "zero_fraction", "parameter_l2", "update_ratio");
    private static final List<String> BATCH_NORMS = List.of(
            "gamma_mean",
            "gamma_min",
            "gamma_max",
            "beta_mean",
            "batch_mean_mean",
            "batch_var_mean",
            "running_mean_mean",
            "running_var_mean",
            "drift");

    private TrimRun() {}

    public static void main(String[] arguments) throws Exception {
        Path scratch = Files.createTempDirectory("trim");
        try {
            trim(Path.of(arguments[0]), Path.of(arguments[1]), scratch);
        } finally {
            Archive.discard(scratch);
        }
    }

    private static void trim(Path from, Path to, Path scratch) throws Exception {
        Path directory = Files.createDirectories(scratch.resolve("history"));
        Archive archive = new Archive(scratch.resolve("archive"), Clock.systemUTC());
        String id;
        try (History history = History.open(directory, Clock.systemUTC())) {
            id = new Imports(history, archive)
                    .zip(from, from.toString(), Optional.empty())
                    .manifest()
                    .runId();
        }
        try (Connection c = DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("history.duckdb"));
                Statement s = c.createStatement()) {
            s.execute("DELETE FROM transitions");
            s.execute("UPDATE iterations SET "
                    + String.join(
                            ", ",
                            columns(s, "iterations").stream()
                                    .filter(column -> column.startsWith("resources_"))
                                    .map(column -> column + " = NULL")
                                    .toList()));
            s.execute("UPDATE layer_values SET max_abs = NULL, " + rounded(LAYERS));
            List<String> away = new ArrayList<>(columns(s, "bn_values"));
            away.removeAll(BATCH_NORMS);
            away.removeAll(List.of("run_key", "attempt", "iteration", "seq", "bn"));
            s.execute("UPDATE bn_values SET "
                    + String.join(
                            ", ",
                            away.stream().map(column -> column + " = NULL").toList())
                    + ", " + rounded(BATCH_NORMS));
        }
        try (History history = History.open(directory, Clock.systemUTC());
                OutputStream out = Files.newOutputStream(to)) {
            RunZip.write(archive, history.files(), id, out);
        }
        System.out.println(to + ": " + Files.size(to) + " bytes, run " + id);
    }

    private static List<String> columns(Statement s, String table) throws Exception {
        List<String> columns = new ArrayList<>();
        try (var rows = s.executeQuery(
                "SELECT column_name FROM duckdb_columns() WHERE table_name = '" + table + "' ORDER BY column_index")) {
            while (rows.next()) {
                columns.add(rows.getString(1));
            }
        }
        return columns;
    }

    private static String rounded(List<String> columns) {
        return String.join(
                ", ",
                columns.stream()
                        .map(c -> {
                            String unit = "pow(2::DOUBLE, floor(log2(abs(" + c + "::DOUBLE))) - 10)";
                            return c + " = CASE WHEN " + c + " IS NULL OR NOT isfinite(" + c + ") OR " + c
                                    + " = 0 THEN " + c + " ELSE (round(" + c + "::DOUBLE / " + unit + ") * " + unit
                                    + ")::FLOAT END";
                        })
                        .toList());
    }
}
