package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.telemetry.stream.IterationRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationTest {
    @TempDir
    Path directory;

    @Test
    void keepsEveryRowOfAFileOfVersion2() throws Exception {
        List<IterationRecord> records = RecordQueriesTest.renumbered(RecordQueriesTest.records("a", 1, 40, 4, 2));
        oldFile(records);

        try (History history = History.open(directory, Clock.systemUTC())) {
            assertThat(history.records().range("a", 0, Long.MAX_VALUE, 100)).isEqualTo(records);
            assertThat(history.runs().find("a").orElseThrow().description().started())
                    .isEqualTo(HistoryFixture.started("a", 4, 2));
            assertThat(history.writer().offsets()).containsExactly(new PartitionOffset("t", 0, 40));
            assertThat(history.writer().clusterId()).isEqualTo("cluster-1");
            assertThat(history.service().counters().records()).isEqualTo(41);
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(p -> p.getFileName().toString()))
                    .as("nothing was set aside")
                    .noneMatch(name -> name.contains("version"));
        }
    }

    @Test
    void endsWithTheTablesOfANewFile() throws Exception {
        oldFile(List.of());
        History.open(directory, Clock.systemUTC()).close();
        Path fresh = directory.resolve("fresh");
        History.open(fresh, Clock.systemUTC()).close();

        assertThat(columns(directory)).isEqualTo(columns(fresh)).isNotEmpty();
    }

    @Test
    void leavesTheFileAsItWasWhenAStepFails() throws Exception {
        oldFile(List.of());
        try (Connection c = connection(directory)) {
            Sql.execute(c, "CREATE TABLE losses (in_the_way INTEGER)");

            assertThatThrownBy(() -> Migration.run(c, 2)).hasMessageContaining("losses");

            assertThat(Schema.version(c)).contains("2");
        }
    }

    /** A file of version 2, made by the statements of that version and filled by this one's writer. */
    private void oldFile(List<IterationRecord> records) throws Exception {
        Path scratch = directory.resolve("scratch");
        try (History history = History.open(scratch, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 4, 2));
            fixture.append(records);
            history.writer().clusterId("cluster-1");
            history.writer()
                    .commit(
                            List.of(new PartitionOffset("t", 0, records.size())),
                            new Counters(records.size() + 1, records.size(), 0, 0, 7));
        }
        try (Connection c = connection(directory)) {
            for (String statement : oldStatements()) {
                Sql.execute(c, statement);
            }
            Sql.execute(c, "ATTACH '" + scratch.resolve("history.duckdb") + "' AS filled (READ_ONLY)");
            List<String> tables = Sql.query(
                    c,
                    "SELECT table_name FROM duckdb_tables() WHERE database_name = 'history' AND table_name <> 'meta'",
                    row -> row.getString(1));
            for (String table : tables) {
                List<String> columns = Sql.query(
                        c,
                        "SELECT '\"' || column_name || '\"' FROM duckdb_columns() WHERE database_name = 'history'"
                                + " AND table_name = ? ORDER BY column_index",
                        row -> row.getString(1),
                        table);
                Sql.execute(
                        c, "INSERT INTO " + table + " SELECT " + String.join(", ", columns) + " FROM filled." + table);
            }
            Sql.execute(c, "INSERT INTO meta SELECT * FROM filled.meta WHERE name = 'cluster_id'");
            Sql.execute(c, "DETACH filled");
        }
    }

    private static List<String> oldStatements() throws IOException {
        try (InputStream in = MigrationTest.class.getResourceAsStream("/history-v2.sql")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new ArrayList<>(List.of(all.strip().split(";\\s*\n|;$")));
        }
    }

    private static List<String> columns(Path directory) throws Exception {
        try (Connection c = connection(directory)) {
            return Sql.query(
                    c,
                    "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns()"
                            + " WHERE NOT internal ORDER BY table_name, column_index",
                    row -> row.getString(1) + "." + row.getString(2) + " " + row.getString(3) + " " + row.getString(4));
        }
    }

    private static Connection connection(Path directory) throws Exception {
        return DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("history.duckdb"));
    }
}
