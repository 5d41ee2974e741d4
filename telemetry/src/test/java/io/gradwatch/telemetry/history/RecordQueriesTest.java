package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordQueriesTest {
    @TempDir
    Path directory;

    @Test
    void givesBackEveryRecordAsItWas() throws Exception {
        List<IterationRecord> records = records("a", 7, 300, 38, 37);
        records.addAll(records("a", 2, 100, 0, 0));
        List<IterationRecord> sorted = renumbered(records);
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 38, 37));
            fixture.append(sorted);
            fixture.commit();

            assertThat(history.records().range("a", 0, Long.MAX_VALUE, 10_000)).isEqualTo(sorted);
        }
        try (History again = History.open(directory, Clock.systemUTC())) {
            assertThat(again.records().range("a", 0, Long.MAX_VALUE, 10_000)).isEqualTo(sorted);
        }
    }

    @Test
    void givesTheFirstOfARangeUpToTheLimit() throws Exception {
        List<IterationRecord> records = renumbered(records("a", 1, 50, 3, 2));
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 3, 2));
            fixture.start("b", 1, HistoryFixture.started("b", 3, 2));
            fixture.append(records);
            fixture.append(renumbered(records("b", 4, 50, 3, 2)));
            fixture.commit();

            assertThat(history.records()
                            .range("a", records.get(10).seq(), records.get(40).seq(), 7))
                    .isEqualTo(records.subList(10, 17));
            assertThat(history.records()
                            .range("a", records.get(10).seq(), records.get(13).seq(), 7))
                    .isEqualTo(records.subList(10, 13));
            assertThat(history.records().range("nobody", 0, Long.MAX_VALUE, 7)).isEmpty();
        }
    }

    @Test
    void findsTheNewestButN() throws Exception {
        List<IterationRecord> records = renumbered(records("a", 1, 50, 1, 0));
        try (History history = History.open(directory, Clock.systemUTC())) {
            HistoryFixture fixture = new HistoryFixture(history);
            fixture.start("a", 1, HistoryFixture.started("a", 1, 0));
            fixture.append(records);
            fixture.commit();

            assertThat(history.records().seqOfNewest("a", 1, Long.MAX_VALUE))
                    .isEqualTo(records.get(49).seq());
            assertThat(history.records().seqOfNewest("a", 3, records.get(10).seq()))
                    .isEqualTo(records.get(7).seq());
            assertThat(history.records().seqOfNewest("a", 51, Long.MAX_VALUE)).isEqualTo(-1);
        }
    }

    static List<IterationRecord> records(String runId, long seed, int n, int layers, int batchNorms) {
        RandomRecords random = new RandomRecords(seed);
        List<IterationRecord> records = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            records.add(random.record(runId, 1, i, i, layers, batchNorms));
        }
        return records;
    }

    /** The same with ascending, gappy sequence numbers. */
    static List<IterationRecord> renumbered(List<IterationRecord> records) {
        List<IterationRecord> numbered = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            IterationRecord r = records.get(i);
            numbered.add(new IterationRecord(
                    r.runId(), r.attempt(), r.partition(), 5 + 3L * i, r.producedAtMs(), r.iteration()));
        }
        return numbered;
    }
}
