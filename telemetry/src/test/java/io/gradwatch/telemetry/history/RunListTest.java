package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Dataset;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.query.QueryParser;
import io.gradwatch.telemetry.query.RunOrder;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.runs.RunTracker;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which runs a query finds, in which order, part by part. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunListTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final long START = Instant.parse("2026-11-01T10:00:00Z").toEpochMilli();
    private static final long HOUR = 3_600_000;

    @TempDir
    static Path directory;

    private History history;
    private int runKey;

    @BeforeAll
    void write() throws Exception {
        history = History.open(directory, Clock.systemUTC());
        // a: finished, with a result; b: running, NaN; c: nothing known; d: annotated; e: deleted
        add("a", started("first 100%", "vgg38", "0.001", 0, "nightly", "two words"), 0.4f, 2.5f, true);
        add("b", started("second", "vgg08-bn", "1e-2", 24, "Nightly"), null, Float.NaN, false);
        add("c", RunStarted.newBuilder().setStartedAtMs(START + 48 * HOUR).build(), null, null, false);
        add("d", started("o'hara \"x\"", "vgg38", "auto", 72, "old"), 0.3f, 0.5f, false);
        add("e", started("gone", "vgg38", "5", 96), null, null, false);
        HistoryWriter writer = history.writer();
        writer.annotation("d", annotation("renamed", "line one\nline_two", "healthy", "cured"));
        writer.annotation("e", RunAnnotation.newBuilder().setDeleted(true).build());
        for (String rule : List.of("vanish-floor", "vanish-depth")) {
            Alert alert = Alert.newBuilder()
                    .setAlertId("b/" + rule + "/3/1")
                    .setTransition(1)
                    .setState(Alert.State.FIRING)
                    .build();
            writer.transition(2, rule.length(), new OutboxAlert("b", 1, 0, alert));
        }
        writer.commit(List.of(), Counters.NONE);
    }

    @AfterAll
    void close() {
        history.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                    | d c b a
            preset:vgg38                          | d a
            preset:VGG*                           | d b a
            preset:*-bn                           | b
            preset:vgg                            |
            preset!=vgg38                         | b
            -preset:vgg38                         | c b
            id:a OR id:c                          | c a
            name:first                            | a
            name:"first 100%"                     | a
            name="first 100%"                     | a
            name:"100_"                           |
            name:renamed                          | d
            name:hara                             |
            100%                                  | a
            _                                     | d
            '; DROP TABLE runs;                   |
            "line_two"                            | d
            state:running                         | d c b
            NOT state:running                     | a
            lr<0.01                               | a
            lr<=0.01                              | b a
            lr:0.01                               | b
            lr:auto                               | d
            lr!=0.001                             | d b
            lr!=auto                              | b a
            lr:*                                  | d b a
            -lr:*                                 | c
            config.lr>0                           | b a
            nosuch:1                              |
            best_accuracy>0.4                     |
            best_accuracy>=0.4                    | a
            best_accuracy:40%                     | a
            validation_accuracy<0.35              | d
            test_accuracy>0.3                     | a
            loss:nan                              | b
            loss!=nan                             | d a
            loss<100                              | d a
            -loss<100                             | c b
            loss:2.5                              | a
            iteration:7                           | d b a
            tag:nightly                           | b a
            tag:cured                             | d
            tag:old                               |
            tag:"two words"                       | a
            tag:two*                              | a
            tag!=nightly                          | d
            -tag:nightly                          | d c
            label:healthy                         | d
            alert:vanish-floor                    | b
            alert:vanish*                         | b
            alert:explode                         |
            -alert:*                              | d c a
            firing>0                              |
            started:2026-11-01                    | a
            started>2026-11-01                    | d c b
            started<2026-11-02T10:00              | a
            started<=2026-11-02T10:00             | b a
            ended:2026-11-01                      | a
            duration>1h                           | a
            duration>=2h                          | a
            duration>2h                           |
            synthetic:true                        | d b a
            dataset:cifar*                        | d b a
            batch:100 seed:-3                     | d b a
            parameters>300k                       | d b a
            (tag:cured OR alert:*) -loss:nan      | d
            """)
    void finds(String query, String ids) throws Exception {
        assertThat(ids(query, "-started")).containsExactlyElementsOf(words(ids));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            started              | a b c d
            -started             | d c b a
            name                 | c a d b
            -loss                | a d b c
            loss                 | d a b c
            lr                   | a b d c
            -lr                  | b a d c
            best_accuracy        | d a c b
            -test_accuracy,loss  | a d b c
            preset,-started      | b d a c
            duration             | d c b a
            ended                | a d c b
            """)
    void sortsWithWhatIsMissingLast(String sort, String ids) throws Exception {
        assertThat(ids("", sort)).containsExactlyElementsOf(words(ids));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-started", "loss", "-loss,name", "lr,-best_accuracy", "-notes", "synthetic,preset,seed,id"})
    void partsHoldEveryRunOnceAlsoWhenRunsAreAddedMeanwhile(String sort) throws Exception {
        try (History other = History.open(directory.resolve("parts" + Math.abs(sort.hashCode())), Clock.systemUTC())) {
            Random random = new Random(7);
            Writer writer = new Writer(other);
            for (int i = 0; i < 60; i++) {
                writer.random("r" + i, random);
            }
            List<String> all = collect(other, sort, 1_000, () -> {});
            List<String> parts =
                    new ArrayList<>(collect(other, sort, 7, () -> writer.random("new" + writer.runs, random)));
            assertThat(parts).doesNotHaveDuplicates();
            parts.removeIf(id -> id.startsWith("new"));
            assertThat(parts).isEqualTo(all);
        }
    }

    private static List<String> collect(History history, String sort, int limit, Runnable between) throws Exception {
        List<String> ids = new ArrayList<>();
        Optional<RunQueries.Position> after = Optional.empty();
        do {
            Page<RunSummary, RunQueries.Position> page = history.runs()
                    .list(new RunQueries.Filter(QueryParser.parse("", NOW), RunOrder.parse(sort), after, limit));
            page.items().forEach(run -> ids.add(run.id()));
            after = page.next();
            between.run();
        } while (after.isPresent());
        return ids;
    }

    private List<String> ids(String query, String sort) throws Exception {
        RunQueries.Filter filter =
                new RunQueries.Filter(QueryParser.parse(query, NOW), RunOrder.parse(sort), Optional.empty(), 100);
        return history.runs().list(filter).items().stream().map(RunSummary::id).toList();
    }

    private static List<String> words(@Nullable String ids) {
        return ids == null ? List.of() : List.of(ids.split(" "));
    }

    private static RunStarted started(String name, String preset, String lr, int hours, String... tags) {
        return RunStarted.newBuilder()
                .setName(name)
                .setPreset(preset)
                .setStartedAtMs(START + hours * HOUR)
                .setSeed(-3)
                .setBatchSize(100)
                .setParameters(336_868)
                .setDataset(Dataset.newBuilder().setName("cifar-100").setSynthetic(true))
                .putConfiguration("lr", lr)
                .addAllTags(List.of(tags))
                .build();
    }

    private static RunAnnotation annotation(String name, String notes, String label, String tag) {
        return RunAnnotation.newBuilder()
                .setName(name)
                .setNotes(notes)
                .addLabels(label)
                .addTags(tag)
                .build();
    }

    private void add(String id, RunStarted started, @Nullable Float best, @Nullable Float loss, boolean ended) {
        write(history.writer(), ++runKey, id, started, best, loss, ended);
    }

    private static void write(
            HistoryWriter writer,
            int runKey,
            String id,
            RunStarted started,
            @Nullable Float best,
            @Nullable Float loss,
            boolean ended) {
        RunTracker tracker = RunTracker.announced(id, 1, started, started.getStartedAtMs());
        if (loss != null) {
            Iteration iteration =
                    Iteration.newBuilder().setIteration(7).setLoss(loss).build();
            tracker.iteration(new IterationRecord(id, 1, 0, 9, 0, iteration), started.getStartedAtMs());
        }
        if (best != null) {
            tracker.epoch(
                    new EpochRecord(
                            id,
                            1,
                            0,
                            0,
                            0,
                            Epoch.newBuilder()
                                    .setIteration(7)
                                    .setValidationAccuracy(best)
                                    .build()),
                    started.getStartedAtMs());
        }
        if (ended) {
            tracker.ended(
                    1,
                    RunEnded.newBuilder()
                            .setStarted(started)
                            .setOutcome(RunEnded.Outcome.FINISHED)
                            .setEndedAtMs(started.getStartedAtMs() + 2 * HOUR)
                            .setResult(Result.newBuilder().setTestAccuracy(0.375f))
                            .build(),
                    started.getStartedAtMs());
        }
        writer.run(runKey, tracker.summary(), true, true, null);
    }

    /** Runs at random, with many equal and missing values. */
    private static final class Writer {
        private final HistoryWriter writer;
        private int runs;

        Writer(History history) {
            writer = history.writer();
        }

        void random(String id, Random random) {
            String[] lrs = {"0.1", "1", "auto", "nan", "", "-2"};
            RunStarted.Builder started =
                    started("n" + random.nextInt(3), "p", lrs[random.nextInt(lrs.length)], random.nextInt(3))
                            .toBuilder();
            if (random.nextInt(3) == 0) {
                started.clearConfiguration().clearDataset();
            }
            Float[] losses = {1f, 1f, 2f, Float.NaN, Float.POSITIVE_INFINITY, null};
            Float[] bests = {0.5f, 0.25f, null};
            write(
                    writer,
                    ++runs,
                    id,
                    started.build(),
                    bests[random.nextInt(3)],
                    losses[random.nextInt(6)],
                    random.nextBoolean());
            writer.commit(List.of(), Counters.NONE);
        }
    }
}
