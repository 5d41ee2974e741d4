package io.gradwatch.telemetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.AlertHistory;
import io.gradwatch.telemetry.history.Bucket;
import io.gradwatch.telemetry.history.Buckets;
import io.gradwatch.telemetry.history.HistogramQueries.Kind;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.Metric;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.StoredHistogram;
import io.gradwatch.telemetry.history.SupersededQueries;
import io.gradwatch.telemetry.runs.AttemptRange;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.runs.Sample;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed at iteration 120 and resumed from its checkpoint at 80, to 200. Its loss tells who made it. */
class ResumedRunTest {
    private static final String RUN = "a";
    private static final int KILLED = 120;
    private static final int RESUMED = 80;
    private static final int END = 200;
    private static final int EPOCH = 20;
    private static final int LAYERS = 5;
    private static final RunStarted STARTED = HistoryFixture.started("vgg38", LAYERS, 0);

    @TempDir
    Path directory;

    private final LogFixture log = new LogFixture();
    private final List<RunPhase> phases = new ArrayList<>();
    private History history;

    @BeforeEach
    void open() throws Exception {
        history = History.open(directory.resolve("first"), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void isOneCurve() {
        readAll(true);

        RunExtent run = history.runs().extent(RUN).orElseThrow();
        assertThat(run.end()).isEqualTo(END);
        assertThat(run.layers()).isEqualTo(LAYERS);
        assertThat(means(run, "loss", END)).isEqualTo(expected(1, 2));
        assertThat(means(run, "gradient.l2", END)).isEqualTo(expected(10, 20));
        assertThat(history.series()
                        .heatMap(run, Metric.of("gradient.l2").orElseThrow(), Buckets.of(0, END, 5))
                        .mean())
                .startsWith(10, 10, 20, 20, 20);
        assertThat(history.runs().epochs(run))
                .extracting(e -> e.epoch().getEpoch(), e -> e.attempt())
                .containsExactlyElementsOf(IntStream.range(0, END / EPOCH)
                        .mapToObj(e -> org.assertj.core.groups.Tuple.tuple(e, e < RESUMED / EPOCH ? 1 : 2))
                        .toList());
        assertThat(run().attempts())
                .containsExactly(
                        new AttemptRange(1, 0, KILLED - 1, KILLED),
                        new AttemptRange(2, RESUMED, END - 1, END - RESUMED));
    }

    @Test
    void keepsWhatWasReplacedToBeAskedFor() {
        readAll(true);

        RunExtent run = history.runs().extent(RUN).orElseThrow();
        Metric loss = Metric.of("loss").orElseThrow();
        List<SupersededQueries.Stretch> replaced = history.superseded().of(run, loss, 4, OptionalInt.empty());
        assertThat(replaced).hasSize(1);
        assertThat(replaced.get(0).attempt()).isEqualTo(1);
        assertThat(replaced.get(0).from()).isEqualTo(RESUMED);
        assertThat(replaced.get(0).to()).isEqualTo(KILLED);
        assertThat(replaced.get(0).buckets()).hasSize(4).allSatisfy(b -> {
            assertThat(b.count()).isEqualTo((KILLED - RESUMED) / 4);
            assertThat(b.mean()).isEqualTo(1.0);
        });
        assertThat(history.superseded().of(run, loss, 4, OptionalInt.of(2))).isEmpty();
    }

    @Test
    void isOneCurveOfSamplesToo() {
        readAll(true);

        RunExtent run = history.runs().extent(RUN).orElseThrow();
        List<Bucket> buckets = history.series()
                .series(run, Metric.of("activation.mean").orElseThrow(), List.of(1), Buckets.of(0, END, END))
                .get(0)
                .buckets();
        assertThat(buckets).hasSize(END);
        assertThat(buckets).allSatisfy(b -> {
            assertThat(b.count()).isEqualTo(b.from() % 10 == 0 ? 1 : 0);
            assertThat(b.mean()).isEqualTo(b.from() % 10 != 0 ? null : b.from() < RESUMED ? 1.0 : 2.0);
        });
        List<Long> sampled = history.histograms().iterations(run, Kind.GRADIENT, 0, END, 1_000);
        assertThat(sampled).containsExactly(0L, 50L, 100L, 150L);
        assertThat(history.histograms().range(run, Kind.GRADIENT, List.of(0), 0, END))
                .extracting(StoredHistogram::iteration, StoredHistogram::attempt, StoredHistogram::zeros)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(0L, 1, 1L),
                        org.assertj.core.groups.Tuple.tuple(50L, 1, 1L),
                        org.assertj.core.groups.Tuple.tuple(100L, 2, 2L),
                        org.assertj.core.groups.Tuple.tuple(150L, 2, 2L));
        assertThat(run().samples()).containsExactly(Sample.ACTIVATION, Sample.HISTOGRAMS);
    }

    @Test
    void goesFromRunningToSilentToRunningToFinished() {
        readAll(true);
        assertThat(phases).containsExactly(RunPhase.RUNNING, RunPhase.SILENT, RunPhase.RUNNING, RunPhase.FINISHED);
        assertThat(run().description().attempt()).isEqualTo(2);
        assertThat(run().result())
                .isEqualTo(Result.newBuilder()
                        .setBestEpoch(4)
                        .setTestAccuracy(0.5f)
                        .build());
    }

    @Test
    void isTheSameWhenItIsRebuiltFromTheLog() throws Exception {
        readAll(true);
        RunSummary lived = run();
        RunExtent run = history.runs().extent(RUN).orElseThrow();
        List<Double> loss = means(run, "loss", END);
        List<AlertHistory> alerts = alerts();

        try (History rebuilt = History.open(directory.resolve("second"), Clock.systemUTC())) {
            LogFixture.LogConsumer consumer = log.consumer();
            log.readAll(consumer, log.begin(consumer, rebuilt.writer()));
            assertThat(rebuilt.runs().find(RUN).orElseThrow())
                    .usingRecursiveComparison()
                    .ignoringFields("lastSeenMs") // by the clock then, by the log's stamps now
                    .isEqualTo(lived);
            RunExtent again = rebuilt.runs().extent(RUN).orElseThrow();
            assertThat(again).isEqualTo(run);
            assertThat(rebuilt.runs().epochs(again)).isEqualTo(history.runs().epochs(run));
            assertThat(rebuilt.series()
                            .series(again, Metric.of("loss").orElseThrow(), List.of(), Buckets.of(0, END, END))
                            .get(0)
                            .buckets())
                    .extracting(Bucket::mean)
                    .isEqualTo(loss);
            assertThat(rebuilt.histograms().range(again, Kind.GRADIENT, List.of(0, 1), 0, END))
                    .isEqualTo(history.histograms().range(run, Kind.GRADIENT, List.of(0, 1), 0, END));
            assertThat(rebuilt.alerts()
                            .list(Optional.of(RUN), Optional.empty(), Optional.empty(), Optional.empty(), 10)
                            .items())
                    .extracting(AlertHistory::transitions)
                    .isEqualTo(alerts.stream().map(AlertHistory::transitions).toList());
        }
    }

    @Test
    void resolvesAlertsOfTheAttemptBeforeThatNoLongerHold() {
        firstAttempt(true);
        LogFixture.LogConsumer consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        log.readAll(consumer, session);
        assertThat(run().firingAlerts()).isPositive();

        secondAttempt();
        int end = END + 250; // long enough to be sure that it is over
        for (int i = END; i < end; i++) {
            iteration(2, i, 2f, false);
        }
        log.readAll(consumer, session);

        // the loss of the second attempt has left that of the first: another rule's concern
        List<AlertHistory> vanished = alerts().stream()
                .filter(alert -> alert.newest().getRule().startsWith("vanish"))
                .toList();
        assertThat(vanished).isNotEmpty().allSatisfy(alert -> {
            List<Alert> transitions = alert.transitions();
            Alert last = transitions.get(transitions.size() - 1);
            assertThat(last.getState()).isEqualTo(Alert.State.RESOLVED);
            assertThat(last.getLastIteration()).isBetween((long) RESUMED, (long) end);
            assertThat(last.getAlertId()).endsWith("/1"); // opened by the first attempt
        });
    }

    @Test
    void countsWhatComesTwiceOnce() {
        firstAttempt(false);
        iteration(1, KILLED - 1, 9f, false);
        iteration(1, 3, 9f, false);
        histograms(1, 100, 9);
        histograms(1, 50, 9);
        LogFixture.LogConsumer consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        log.readAll(consumer, session);
        iteration(1, KILLED - 1, 9f, false); // with everything committed, too
        histograms(1, 100, 9);
        log.readAll(consumer, session);

        RunExtent run = history.runs().extent(RUN).orElseThrow();
        assertThat(means(run, "loss", KILLED)).containsOnly(1.0);
        assertThat(history.service().iterations()).isEqualTo(KILLED);
        assertThat(run().attempts()).containsExactly(new AttemptRange(1, 0, KILLED - 1, KILLED));
        assertThat(log.shown).hasSize(KILLED);
        assertThat(history.histograms().range(run, Kind.GRADIENT, List.of(0), 0, END))
                .extracting(StoredHistogram::zeros)
                .containsExactly(1L, 1L, 1L);
    }

    @Test
    void keepsHistogramsAsideThatDoNotFitTheLayersOfTheirRun() {
        firstAttempt(false);
        Histograms wrong = Histograms.newBuilder()
                .setIteration(60)
                .addGradients(Histogram.getDefaultInstance())
                .build();
        log.append(
                Topic.HISTOGRAMS,
                1,
                LogFixture.envelope(RUN, 1).setHistograms(wrong).build());
        log.append(
                Topic.HISTOGRAMS,
                1,
                LogFixture.envelope(RUN, 1).setEpoch(Epoch.getDefaultInstance()).build());
        LogFixture.LogConsumer consumer = log.consumer();
        log.readAll(consumer, log.begin(consumer, history.writer()));

        assertThat(history.service().quarantine(Optional.empty(), 10).items())
                .extracting(q -> q.reason())
                .containsExactlyInAnyOrder(
                        "histograms: arrays of 1 elements; the run has 5, accepted are arrays of that length, or empty ones",
                        "a record of type epoch on gradwatch.histograms; accepted there is histograms");
    }

    @Test
    void keepsHistogramsOfARunThatWasNeverAnnounced() {
        histograms(1, 0, 4);
        LogFixture.LogConsumer consumer = log.consumer();
        log.readAll(consumer, log.begin(consumer, history.writer()));

        assertThat(run().announced()).isFalse();
        RunExtent run = history.runs().extent(RUN).orElseThrow();
        assertThat(history.histograms().range(run, Kind.PARAMETER, List.of(4), 0, 1))
                .containsExactly(new StoredHistogram(0, 0, 1, 4, 40, List.of(5L, 0L, 7L), 4, 1, 2, 3));
    }

    /** Writes and reads both attempts, with a silence between them. */
    private void readAll(boolean vanishing) {
        LogFixture.LogConsumer consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        firstAttempt(vanishing);
        read(consumer, session);
        log.pass(Duration.ofSeconds(40));
        read(consumer, session);
        secondAttempt();
        read(consumer, session);
        RunEnded end = RunEnded.newBuilder()
                .setStarted(STARTED)
                .setOutcome(RunEnded.Outcome.FINISHED)
                .setEndedAtMs(7)
                .setResult(Result.newBuilder().setBestEpoch(4).setTestAccuracy(0.5f))
                .build();
        log.append(Topic.RUNS, 0, LogFixture.envelope(RUN, 2).setRunEnded(end).build());
        read(consumer, session);
    }

    private void read(LogFixture.LogConsumer consumer, IngestSession session) {
        do {
            session.step(Duration.ZERO);
            log.pass(Duration.ofMillis(250));
            session.step(Duration.ZERO);
            history.runs().find(RUN).map(RunSummary::phase).ifPresent(phase -> {
                if (phases.isEmpty() || phases.get(phases.size() - 1) != phase) {
                    phases.add(phase);
                }
            });
        } while (!consumer.isAtEnd());
    }

    private void firstAttempt(boolean vanishing) {
        log.start(RUN, 1, STARTED);
        for (int i = 0; i < KILLED; i++) {
            iteration(1, i, 1f, vanishing);
        }
        for (int i = 0; i < KILLED; i += 50) {
            histograms(1, i, 1);
        }
    }

    private void secondAttempt() {
        log.start(RUN, 2, STARTED);
        for (int i = RESUMED; i < END; i++) {
            iteration(2, i, 2f, false);
        }
        for (int i = 100; i < END; i += 50) {
            histograms(2, i, 2);
        }
    }

    private void iteration(int attempt, int number, float loss, boolean vanishing) {
        LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        ActivationStatistics.Builder activations = ActivationStatistics.newBuilder();
        for (int l = 0; l < LAYERS; l++) {
            layers.addMeanAbs(vanishing && l < LAYERS - 1 ? 1e-12f : 1e-2f).addL2(10 * loss);
            activations.addMean(loss);
        }
        Iteration.Builder iteration = Iteration.newBuilder()
                .setIteration(number)
                .setEpoch(number / EPOCH)
                .setLoss(loss)
                .setIterationMs(50)
                .setLayers(layers);
        if (number % 10 == 0) {
            iteration.setActivations(activations);
        }
        log.append(
                Topic.ITERATIONS,
                1,
                LogFixture.envelope(RUN, attempt).setIteration(iteration).build());
        if (number % EPOCH == EPOCH - 1) {
            Epoch epoch = Epoch.newBuilder()
                    .setEpoch(number / EPOCH)
                    .setIteration(number)
                    .setValidationAccuracy(1 / (1f + number))
                    .build();
            log.append(
                    Topic.EPOCHS,
                    1,
                    LogFixture.envelope(RUN, attempt).setEpoch(epoch).build());
        }
    }

    private void histograms(int attempt, int number, int zeros) {
        Histogram one = Histogram.newBuilder()
                .setFirstBin(40)
                .addAllCounts(Arrays.asList(5L, 0L, 7L))
                .setZeros(zeros)
                .setBelow(1)
                .setAbove(2)
                .setNotFinite(3)
                .build();
        Histograms.Builder all = Histograms.newBuilder().setIteration(number).setEpoch(number / EPOCH);
        for (int l = 0; l < LAYERS; l++) {
            all.addGradients(one).addParameters(one);
        }
        log.append(
                Topic.HISTOGRAMS,
                1,
                LogFixture.envelope(RUN, attempt).setHistograms(all).build());
    }

    private List<Double> means(RunExtent run, String metric, int to) {
        return history
                .series()
                .series(run, Metric.of(metric).orElseThrow(), List.of(0), Buckets.of(0, to, to))
                .get(0)
                .buckets()
                .stream()
                .map(Bucket::mean)
                .toList();
    }

    private static List<Double> expected(double first, double second) {
        return IntStream.range(0, END)
                .mapToObj(i -> i < RESUMED ? first : second)
                .toList();
    }

    private RunSummary run() {
        return history.runs().find(RUN).orElseThrow();
    }

    private List<AlertHistory> alerts() {
        return history.alerts()
                .list(Optional.of(RUN), Optional.empty(), Optional.empty(), Optional.empty(), 10)
                .items();
    }
}
