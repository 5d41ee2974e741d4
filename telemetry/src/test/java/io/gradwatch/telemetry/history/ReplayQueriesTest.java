package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.telemetry.history.ReplayQueries.Place;
import io.gradwatch.telemetry.stream.HistogramsRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayQueriesTest {
    private static final String RUN = "resumed";

    @TempDir
    Path directory;

    private History history;
    private HistoryFixture fixture;
    private RunExtent extent;

    /** Iterations 0 to 99 of attempt 1, then 50 to 119 of attempt 2, among those of another run. */
    @BeforeEach
    void store() throws Exception {
        history = History.open(directory, Clock.systemUTC());
        fixture = new HistoryFixture(history);
        fixture.start(RUN, 1, HistoryFixture.started(RUN, 2, 1));
        fixture.start("other", 1, HistoryFixture.started("other", 2, 1));
        List<IterationRecord> records = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            records.add(record(RUN, 1, 2L * i, i, 1000 + 10L * i));
            records.add(record("other", 1, 2L * i + 1, i, 1000 + 10L * i));
        }
        for (int i = 50; i < 120; i++) {
            records.add(record(RUN, 2, 1000L + i, i, 90_000 + 10L * i));
        }
        fixture.append(records);
        fixture.commit();
        extent = history.runs().extent(RUN).orElseThrow();
    }

    @AfterEach
    void close() {
        history.close();
    }

    private static IterationRecord record(String run, int attempt, long seq, long iteration, long madeAt) {
        Iteration i = Iteration.newBuilder()
                .setIteration(iteration)
                .setEpoch((int) iteration / 40)
                .build();
        return new IterationRecord(run, attempt, 0, seq, madeAt, i);
    }

    @Test
    void tellsBothEnds() {
        assertThat(history.replays().ends(extent))
                .containsExactly(new Place(0, 1, 0, 0, 1000), new Place(1119, 2, 119, 2, 91_190));
    }

    @Test
    void thePlaceOfAnIterationIsTheRecordThatCounts() {
        assertThat(history.replays()
                        .at(extent, Integer.MAX_VALUE, 49)
                        .orElseThrow()
                        .attempt())
                .isEqualTo(1);
        assertThat(history.replays().at(extent, Integer.MAX_VALUE, 60)).contains(new Place(1060, 2, 60, 1, 90_600));
        assertThat(history.replays()
                        .at(extent, Integer.MAX_VALUE, 5000)
                        .orElseThrow()
                        .iteration())
                .isEqualTo(119);
    }

    @Test
    void whileAnAttemptWasTheNewestLaterOnesReplacedNothing() {
        assertThat(history.replays().at(extent, 1, 60)).contains(new Place(120, 1, 60, 1, 1600));
        assertThat(history.replays().at(extent, 1, 5000).orElseThrow().iteration())
                .isEqualTo(99);
    }

    @Test
    void thePlaceOfATimeIsTheNewestRecordMadeUntilThen() {
        assertThat(history.replays().atTime(extent, 1, 1305).orElseThrow().iteration())
                .isEqualTo(30);
        assertThat(history.replays().atTime(extent, 1, 999)).isEmpty();
        assertThat(history.replays().atTime(extent, Integer.MAX_VALUE, 90_512).orElseThrow())
                .isEqualTo(new Place(1051, 2, 51, 1, 90_510));
    }

    @Test
    void histogramsComeBackAsTheyWere() throws Exception {
        List<HistogramsRecord> records = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Histogram one = Histogram.newBuilder()
                    .setFirstBin(3)
                    .addCounts(i)
                    .addCounts(7)
                    .setZeros(1)
                    .setBelow(2)
                    .setAbove(3)
                    .setNotFinite(4)
                    .build();
            Histograms all = Histograms.newBuilder()
                    .setIteration(10L * i)
                    .setEpoch(i)
                    .addGradients(one)
                    .addGradients(Histogram.getDefaultInstance())
                    .addParameters(one)
                    .build();
            records.add(new HistogramsRecord(RUN, 1, 5_000 + i, all));
            history.writer().histograms(fixture.key(RUN), records.get(i));
        }
        fixture.commit();
        assertThat(history.replays().histograms(extent, 0, 10)).isEqualTo(records);
        assertThat(history.replays().histograms(extent, 1, 2)).isEqualTo(records.subList(1, 3));
    }
}
