package io.gradwatch.telemetry.archive;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.history.RandomRecords;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.HistogramsRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.ArrayList;
import java.util.List;

/** Runs with something in every table. */
final class SampleRun {
    private SampleRun() {}

    static List<IterationRecord> write(History history, HistoryFixture fixture, String runId, int iterations) {
        RandomRecords random = new RandomRecords(runId.hashCode());
        fixture.start(runId, 1, HistoryFixture.started(runId, 4, 2));
        List<IterationRecord> records = new ArrayList<>();
        for (int i = 0; i < iterations; i++) {
            records.add(random.record(runId, 1, i, 10 + 2L * i, 4, 2));
        }
        fixture.append(records);
        int key = fixture.key(runId);
        history.writer()
                .epoch(
                        key,
                        new EpochRecord(
                                runId,
                                1,
                                3,
                                0,
                                5,
                                Epoch.newBuilder()
                                        .setEpoch(0)
                                        .setIteration(iterations - 1)
                                        .setTrainLoss(Float.NaN)
                                        .setValidationAccuracy(0.5f)
                                        .build()));
        history.writer()
                .histograms(
                        key,
                        new HistogramsRecord(
                                runId,
                                1,
                                6,
                                Histograms.newBuilder()
                                        .setIteration(3)
                                        .addGradients(Histogram.newBuilder()
                                                .setFirstBin(7)
                                                .addCounts(1)
                                                .addCounts(2))
                                        .build()));
        for (int t = 1; t <= 2; t++) {
            history.writer()
                    .transition(
                            key,
                            history.writer().newAlertKey(),
                            new OutboxAlert(
                                    runId,
                                    1,
                                    7,
                                    Alert.newBuilder()
                                            .setAlertId(runId + "/vanish-floor/" + t + "/1")
                                            .setTransition(1)
                                            .setRule("vanish-floor")
                                            .setState(Alert.State.FIRING)
                                            .build()));
        }
        fixture.commit();
        return records;
    }
}
