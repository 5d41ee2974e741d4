package io.gradwatch.telemetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.backtest.Backtest;
import io.gradwatch.telemetry.backtest.HistoryRun;
import io.gradwatch.telemetry.backtest.RecordedRun;
import io.gradwatch.telemetry.backtest.RuleVerdict;
import io.gradwatch.telemetry.backtest.StoredRuns;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real runs through the log into history, judged live on the way and by a back-test afterwards. */
class BacktestAsLiveTest {
    @TempDir
    Path directory;

    @Test
    void raisesTheAlertsThatWereRaisedLive() throws Exception {
        LogFixture log = new LogFixture();
        List<RecordedRun> runs = StoredRuns.all(directory.resolve("stored"));
        runs.forEach(run -> append(log, run));

        try (History history = History.open(directory, Clock.systemUTC())) {
            var consumer = log.consumer();
            log.readAll(consumer, log.begin(consumer, history.writer()));

            assertThat(log.outbox).hasSizeGreaterThan(10);
            for (RecordedRun run : runs) {
                String id = run.description().runId();
                List<Alert> live = log.outbox.stream()
                        .filter(alert -> alert.runId().equals(id))
                        .map(OutboxAlert::alert)
                        .toList();
                assertThat(new Backtest()
                                        .judge(
                                                new HistoryRun(
                                                        history,
                                                        history.runs().find(id).orElseThrow()),
                                                RuleEngine.standard())
                                        .rules()
                                        .stream()
                                        .flatMap(rule -> rule.transitions().stream())
                                        .map(RuleVerdict.Step::alert)
                                        .toList())
                        .as(run.name())
                        .containsExactlyInAnyOrderElementsOf(live);
            }
        }
    }

    private static void append(LogFixture log, RecordedRun run) {
        Set<Integer> started = new HashSet<>();
        run.replay(new RecordedRun.Events() {
            @Override
            public void iteration(IterationRecord record) {
                if (started.add(record.attempt())) {
                    log.start(
                            record.runId(), record.attempt(), run.description().started());
                }
                log.append(
                        Topic.ITERATIONS,
                        1,
                        LogFixture.envelope(record.runId(), record.attempt())
                                .setProducedAtMs(record.producedAtMs())
                                .setIteration(record.iteration())
                                .build());
            }

            @Override
            public void epoch(EpochRecord record) {
                log.append(
                        Topic.EPOCHS,
                        1,
                        LogFixture.envelope(record.runId(), record.attempt())
                                .setProducedAtMs(record.producedAtMs())
                                .setEpoch(record.epoch())
                                .build());
            }
        });
    }
}
