package io.gradwatch.telemetry.drill;

import io.gradwatch.contract.v1.Dataset;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryWriter;
import io.gradwatch.telemetry.history.OverviewQueries;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.query.QueryParser;
import io.gradwatch.telemetry.query.RunOrder;
import io.gradwatch.telemetry.runs.RunTracker;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Times the list of runs. Arguments: a directory for a history of its own, and a number of runs (10,000). Prints for several
 * queries and orders the median and the longest of 20 answers in milliseconds, parsing and 50 whole runs included; then the
 * same of overviews of 50 runs: never asked for before, and asked for again.
 */
public final class RunListLoad {
    private static final String[][] QUESTIONS = {
        {"", "-started"},
        {"", "-best_accuracy,started"},
        {"", "lr,-loss,name"},
        {"preset:vgg38* lr<0.01 state:running best_accuracy>0.4", "-started"},
        {"(tag:tag7 OR label:healthy) -name:missing \"note 7\"", "name"},
        {"nothing-has-this", "-started"},
    };

    private static final int ITERATIONS = 3;
    private static final int LAYERS = 38;

    private RunListLoad() {}

    /** Fills the history when it is new, then asks. */
    public static void main(String[] arguments) throws Exception {
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        try (History history = History.open(Path.of(arguments[0]), Clock.systemUTC())) {
            if (history.runs().find("run-0").isEmpty()) {
                fill(history.writer(), runs);
            }
            for (String[] question : QUESTIONS) {
                double[] ms = new double[20];
                int found = 0;
                for (int i = -5; i < ms.length; i++) {
                    long begun = System.nanoTime();
                    RunQueries.Filter filter = new RunQueries.Filter(
                            QueryParser.parse(question[0], Instant.now()),
                            RunOrder.parse(question[1]),
                            Optional.empty(),
                            50);
                    found = history.runs().list(filter).items().size();
                    if (i >= 0) {
                        ms[i] = (System.nanoTime() - begun) / 1e6;
                    }
                }
                Arrays.sort(ms);
                System.out.printf(
                        "%6.1f ms (longest %6.1f), %d runs: q=%s sort=%s%n",
                        ms[10], ms[19], found, question[0], question[1]);
            }
            overviews(history, runs);
        }
    }

    private static void overviews(History history, int runs) {
        OverviewQueries overviews = history.overviews();
        Random random = new Random(2);
        double[] first = new double[20];
        double[] again = new double[20];
        for (int i = 0; i < first.length; i++) {
            List<String> ids = random.ints(0, runs)
                    .distinct()
                    .limit(50)
                    .mapToObj(n -> "run-" + n)
                    .toList();
            for (double[] ms : List.of(first, again)) {
                long begun = System.nanoTime();
                overviews.of(ids, 60);
                ms[i] = (System.nanoTime() - begun) / 1e6;
            }
        }
        Arrays.sort(first);
        Arrays.sort(again);
        System.out.printf("%6.1f ms (longest %6.1f), overviews of 50 runs%n", first[10], first[19]);
        System.out.printf("%6.1f ms (longest %6.1f), the same again%n", again[10], again[19]);
    }

    private static void fill(HistoryWriter writer, int runs) {
        Random random = new Random(1);
        for (int i = 0; i < runs; i++) {
            String id = "run-" + i;
            RunStarted started = started(i, random);
            RunTracker tracker = RunTracker.announced(id, 1, started, started.getStartedAtMs());
            for (int n = 0; n < ITERATIONS; n++) {
                IterationRecord record =
                        new IterationRecord(id, 1, 0, n, started.getStartedAtMs() + 100L * n, iteration(n, random));
                tracker.iteration(record, started.getStartedAtMs() + 100L * n);
                writer.iteration(i + 1, record);
            }
            writer.run(i + 1, tracker.summary(), true, true, null);
            if (i % 3 == 0) {
                writer.annotation(
                        id,
                        RunAnnotation.newBuilder()
                                .setNotes("note " + i + " " + "x".repeat(200))
                                .addTags("tag" + i % 20)
                                .addLabels(i % 2 == 0 ? "healthy" : "vanishing")
                                .build());
            }
            if (i % 500 == 499) {
                writer.commit(List.of(), Counters.NONE);
            }
        }
        writer.commit(List.of(), Counters.NONE);
    }

    private static Iteration iteration(int number, Random random) {
        LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        for (int i = 0; i < LAYERS; i++) {
            layers.addMeanAbs((float) Math.pow(10, -12 * random.nextDouble()));
        }
        return Iteration.newBuilder()
                .setIteration(number)
                .setLoss(4 + random.nextFloat())
                .setIterationMs(100)
                .setLayers(layers)
                .build();
    }

    private static RunStarted started(int number, Random random) {
        RunStarted.Builder started = RunStarted.newBuilder()
                .setName("run number " + number)
                .setPreset(number % 2 == 0 ? "vgg38-bn" : "vgg08")
                .setStartedAtMs(1_795_449_912_345L + number * 60_000L)
                .setBatchSize(100)
                .setParameters(336_868)
                .setDataset(Dataset.newBuilder().setName("cifar-100").setTrain(47_500))
                .addTags("nightly");
        for (int i = 0; i < 20; i++) {
            started.putConfiguration("parameter-" + i, Double.toString(random.nextDouble()));
        }
        started.putConfiguration("lr", Double.toString(Math.pow(10, -4 * random.nextDouble())));
        // a description of the size that 38 layers give it, without their rows, which the list never reads
        for (int i = 0; i < 38; i++) {
            started.putVersions("part-" + i, "the text of a layer with its name, type and shape, or so: " + i);
        }
        return started.build();
    }
}
