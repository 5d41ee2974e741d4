package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.gradwatch.telemetry.runs.AttemptRange;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    @TempDir
    Path directory;

    @Test
    void keepsRowsAndOffsetsOfABatchTogetherOrNotAtAll() throws Exception {
        List<IterationRecord> records = RecordQueriesTest.renumbered(RecordQueriesTest.records("a", 1, 40, 4, 2));
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 4, 2));
            fixture.append(records.subList(0, 25));
            history.writer().commit(List.of(new PartitionOffset("t", 0, 25)), new Counters(25, 25, 0, 0, 7));
            fixture.append(records.subList(25, 40));
            // no commit: the process ends here
        }
        try (History history = History.open(directory, Clock.systemUTC())) {
            assertThat(history.writer().offsets()).containsExactly(new PartitionOffset("t", 0, 25));
            assertThat(history.service().counters()).isEqualTo(new Counters(25, 25, 0, 0, 7));
            assertThat(history.records().range("a", 0, Long.MAX_VALUE, 100)).isEqualTo(records.subList(0, 25));
            assertThat(history.runs().find("a").orElseThrow().seq())
                    .isEqualTo(records.get(24).seq());
        }
    }

    @Test
    void keepsTheNewestOfWhatCannotBeRead() throws Exception {
        try (History history = History.open(directory, Clock.systemUTC())) {
            long sent = QuarantineRows.KEPT_RECORDS + 2L * QuarantineRows.ROUND;
            quarantine(history, 1, sent, 3);

            assertThat(quarantined(history, sent - QuarantineRows.KEPT_RECORDS + 1))
                    .isEmpty();
            assertThat(quarantined(history, Long.MAX_VALUE)).startsWith(sent, sent - 1);
            assertThat(quarantined(history, sent - QuarantineRows.KEPT_RECORDS + 2))
                    .hasSize(1);
        }
    }

    @Test
    void keepsFewerOfThemWhereTheyAreLarge() throws Exception {
        try (History history = History.open(directory, Clock.systemUTC())) {
            long fit = QuarantineRows.KEPT_BYTES / QuarantinedRecord.KEPT_BYTES;
            quarantine(history, 1, 2L * QuarantineRows.ROUND, 10_000_000);

            assertThat(quarantined(history, 2L * QuarantineRows.ROUND - fit + 1))
                    .isEmpty();
            assertThat(quarantined(history, 2L * QuarantineRows.ROUND - fit + 2))
                    .hasSize(1);
        }
    }

    /** Their values are not written: their sizes are what counts. */
    private static void quarantine(History history, long first, long last, long size) {
        for (long number = first; number <= last; number++) {
            history.writer()
                    .quarantine(new QuarantinedRecord(number, "t", 0, number, 7, "k", "r", size, ByteString.EMPTY));
            if (number % 1000 == 0) {
                history.writer().commit(List.of(), new Counters(number, 0, number, 0, 7));
            }
        }
    }

    private static List<Long> quarantined(History history, long before) {
        return history.service().quarantine(Optional.of(before), 10).items().stream()
                .map(QuarantinedRecord::number)
                .toList();
    }

    @Test
    void goesOnAfterARollback() throws Exception {
        List<IterationRecord> records = RecordQueriesTest.renumbered(RecordQueriesTest.records("a", 1, 40, 4, 2));
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 4, 2));
            fixture.append(records.subList(0, 10));
            fixture.commit();
            fixture.append(records.subList(10, 40));
            history.writer().rollback();
            fixture.append(records.subList(10, 40));
            fixture.commit();

            assertThat(history.records().range("a", 0, Long.MAX_VALUE, 100)).isEqualTo(records);
        }
    }

    @Test
    void writesAttemptsThatHaveChangedAndAllOfThemAfterARollback() throws Exception {
        List<IterationRecord> records = new ArrayList<>(RecordQueriesTest.records("a", 1, 20, 4, 2));
        RecordQueriesTest.records("a", 1, 30, 4, 2).stream()
                .map(r -> new IterationRecord(r.runId(), 2, r.partition(), r.seq(), r.producedAtMs(), r.iteration()))
                .forEach(records::add);
        records = RecordQueriesTest.renumbered(records);
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 4, 2));
            fixture.append(records.subList(0, 20));
            fixture.commit();
            fixture.append(records.subList(20, 30));
            history.writer().rollback();
            fixture.append(records.subList(30, 40));
            fixture.commit();
            fixture.append(records.subList(40, 50));
            fixture.commit();

            assertThat(history.runs().find("a").orElseThrow().attempts())
                    .containsExactly(new AttemptRange(1, 0, 19, 20), new AttemptRange(2, 0, 29, 30));
        }
    }

    @Test
    void doesNotShowWhatIsNotCommitted() throws Exception {
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 4, 2));
            assertThat(history.runs().find("a")).isEmpty();
            fixture.commit();
            assertThat(history.runs().find("a")).isPresent();
        }
    }

    @Test
    void refusesADirectoryThatIsInUse() throws Exception {
        try (History history = History.open(directory, Clock.systemUTC())) {
            assertThat(history.runs().find("a")).isEmpty();
            assertThatThrownBy(() -> History.open(directory, Clock.systemUTC()))
                    .isInstanceOf(HistoryUnavailableException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use")
                    .hasMessageContaining("--data-dir");
        }
    }

    @Test
    void movesAHistoryOfAnOlderVersionAsideAndBeginsAnewForTheSameCluster() throws Exception {
        try (History history = History.open(directory, Clock.systemUTC())) {
            history.writer().clusterId("cluster-1");
            history.writer().commit(List.of(new PartitionOffset("t", 0, 25)), Counters.NONE);
        }
        sql("UPDATE meta SET value = '1' WHERE name = 'schema_version'");
        long bytes = Files.size(directory.resolve("history.duckdb"));

        try (History history = History.open(directory, Clock.systemUTC())) {
            assertThat(history.writer().offsets()).isEmpty();
            assertThat(history.writer().clusterId()).isEqualTo("cluster-1");
        }

        assertThat(files())
                .filteredOn(name -> name.matches("history\\.duckdb\\.version-1-[0-9]{8}-[0-9]{6}"))
                .singleElement()
                .satisfies(
                        name -> assertThat(Files.size(directory.resolve(name))).isEqualTo(bytes));
        try (History again = History.open(directory, Clock.systemUTC())) {
            assertThat(again.writer().clusterId()).isEqualTo("cluster-1");
        }
    }

    @Test
    void refusesAHistoryOfANewerVersionAndLeavesItAlone() throws Exception {
        History.open(directory, Clock.systemUTC()).close();
        sql("UPDATE meta SET value = '99' WHERE name = 'schema_version'");

        assertThatThrownBy(() -> History.open(directory, Clock.systemUTC()))
                .isInstanceOf(HistoryUnavailableException.class)
                .hasMessageContaining("version 99")
                .hasMessageContaining("accepted is version " + Schema.VERSION);
        assertThat(files()).noneMatch(name -> name.contains("damaged"));
    }

    @Test
    void refusesADatabaseOfSomebodyElse() throws Exception {
        Files.createDirectories(directory);
        sql("CREATE TABLE theirs (x INTEGER)");

        assertThatThrownBy(() -> History.open(directory, Clock.systemUTC()))
                .isInstanceOf(HistoryUnavailableException.class)
                .hasMessageContaining("not a history of Gradwatch");
        assertThat(files()).noneMatch(name -> name.contains("damaged"));
    }

    @Test
    void movesADamagedFileAsideAndBeginsAnew() throws Exception {
        byte[] damaged = new byte[20_000];
        java.util.Arrays.fill(damaged, (byte) 0x5a);
        Files.write(directory.resolve("history.duckdb"), damaged);

        try (History history = History.open(directory, Clock.systemUTC())) {
            assertThat(history.writer().offsets()).isEmpty();
        }
        Path aside;
        try (Stream<Path> all = Files.list(directory)) {
            aside = all.filter(p -> p.toString().contains(".damaged-"))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(aside).hasBinaryContent(damaged);
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(p -> p.getFileName().toString()).toList();
        }
    }

    private void sql(String statement) throws Exception {
        try (Connection c = DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("history.duckdb"))) {
            Sql.execute(c, statement);
        }
    }
}
