package io.gradwatch.telemetry.drill;

import io.gradwatch.contract.v1.Dataset;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryWriter;
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
 * queries and orders the median and the longest of 20 answers in milliseconds, parsing and 50 whole runs included.
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
        }
    }

    private static void fill(HistoryWriter writer, int runs) {
        Random random = new Random(1);
        for (int i = 0; i < runs; i++) {
            String id = "run-" + i;
            RunStarted started = started(i, random);
            RunTracker tracker = RunTracker.announced(id, 1, started, started.getStartedAtMs());
            Iteration iteration = Iteration.newBuilder()
                    .setIteration(i)
                    .setLoss(random.nextFloat())
                    .build();
            tracker.iteration(new IterationRecord(id, 1, 0, i, 0, iteration), started.getStartedAtMs());
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
