package io.gradwatch.benchmarks;

import io.gradwatch.experiments.layers.NativeBackend;
import io.gradwatch.experiments.network.Networks;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.listener.GradientTelemetry;
import io.gradwatch.listener.publish.Delivery;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

/**
 * What listeners cost: one network trained without any, with Gradwatch's, whose records go to a real broker, and with
 * Deeplearning4j's own StatsListener at frequency 1, which keeps its records in memory; in turn, iteration by iteration.
 * Prints a Markdown table.
 *
 * <p>Arguments: {@code KAFKA BATCH THREADS COMPILING WARMUP ROUNDS PRESET...}, for example {@code localhost:9092 100 2 10 60 vgg08}.
 * A round is one iteration of each kind, in an order that turns from round to round.
 */
public final class ListenerCost {
    private static final int CLASSES = 100;

    /** Batch of the iterations in which the JVM compiles the listener: what it costs hardly depends on the batch. */
    private static final int FEW = 4;

    private final String kafka;
    private final int compiling;
    private final int warmup;
    private final int rounds;
    private final INDArray[] images;
    private final INDArray[] labels;
    private final INDArray[] fewImages;
    private final INDArray[] fewLabels;

    private ListenerCost(String kafka, int batch, int compiling, int warmup, int rounds) {
        this.kafka = kafka;
        this.compiling = compiling;
        this.warmup = warmup;
        this.rounds = rounds;
        Random random = new Random(1);
        float[] pixels = new float[batch * 32 * 32 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        float[] oneHot = new float[batch * CLASSES];
        for (int i = 0; i < batch; i++) {
            oneHot[i * CLASSES + random.nextInt(CLASSES)] = 1;
        }
        images = new INDArray[] {Nd4j.createFromArray(pixels).reshape('c', batch, 32, 32, 3)};
        labels = new INDArray[] {Nd4j.createFromArray(oneHot).reshape('c', batch, CLASSES)};
        int few = Math.min(FEW, batch);
        fewImages = new INDArray[] {images[0].get(NDArrayIndex.interval(0, few)).dup('c')};
        fewLabels = new INDArray[] {labels[0].get(NDArrayIndex.interval(0, few)).dup('c')};
    }

    public static void main(String[] args) {
        if (args.length < 7) {
            System.err.println("usage: ListenerCost KAFKA BATCH THREADS WARMUP ROUNDS PRESET...");
            System.exit(2);
        }
        NativeBackend backend = NativeBackend.start(Integer.parseInt(args[2]));
        ListenerCost cost = new ListenerCost(
                args[0],
                Integer.parseInt(args[1]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]),
                Integer.parseInt(args[5]));
        System.out.printf(
                "%s, JDK %s, batch %s; %s rounds of iterations after %s for warming up and %s small ones; ms.%n%n",
                backend.describe(), System.getProperty("java.version"), args[1], args[5], args[4], args[3]);
        System.out.println(
                "| preset | without | with Gradwatch | paired difference (quartiles) | in the listener | share "
                        + "| gradient read | end of iteration | accuracy | delivered | with StatsListener "
                        + "| paired difference (quartiles) |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (String preset : List.of(args).subList(6, args.length)) {
            System.out.println(cost.row(preset));
        }
        System.exit(0);
    }

    private String row(String preset) {
        ComputationGraph network = Networks.build(Preset.named(preset).spec(), new Adam(0.001), 0, 1);
        GradientTelemetry telemetry = GradientTelemetry.to(kafka)
                .name("listener cost " + preset)
                .preset(preset)
                .start(network);
        Timed timed = new Timed(telemetry);
        StatsListener stock = new StatsListener(new InMemoryStatsStorage(), 1);
        List<@Nullable TrainingListener> listeners = Arrays.asList(null, timed, stock);
        network.setListeners(timed);
        for (int i = 0; i < compiling; i++) {
            network.fit(fewImages, fewLabels);
        }
        double[][] times = new double[listeners.size()][rounds];
        double[][] inside = new double[4][rounds];
        for (int i = -warmup; i < rounds; i++) {
            for (int turn = 0; turn < times.length; turn++) {
                int kind = Math.floorMod(i + turn, times.length);
                double millis = millis(network, listeners.get(kind));
                if (i >= 0) {
                    times[kind][i] = millis;
                }
            }
            if (i >= 0) {
                inside[0][i] = (timed.gradientNanos + timed.doneNanos + timed.backwardNanos) / 1e6;
                inside[1][i] = timed.gradientNanos / 1e6;
                inside[2][i] = timed.doneNanos / 1e6;
                inside[3][i] = timed.backwardNanos / 1e6;
            }
        }
        Delivery delivery = telemetry.close(Duration.ofSeconds(20));
        double without = quantile(times[0], 0.5);
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %s | %.3f | %.2f %% | %.3f | %.3f | %.3f | %d of %d | %.2f | %s |",
                preset,
                without,
                quantile(times[1], 0.5),
                difference(times[1], times[0]),
                quantile(inside[0], 0.5),
                100 * quantile(inside[0], 0.5) / without,
                quantile(inside[1], 0.5),
                quantile(inside[2], 0.5),
                quantile(inside[3], 0.5),
                delivery.delivered(),
                compiling + warmup + rounds,
                quantile(times[2], 0.5),
                difference(times[2], times[0]));
    }

    /** Median and quartiles of the differences within rounds, and the median's share of the iteration without. */
    private static String difference(double[] with, double[] without) {
        double[] differences = new double[with.length];
        Arrays.setAll(differences, i -> with[i] - without[i]);
        return String.format(
                Locale.ROOT,
                "%+.2f (%+.2f to %+.2f), %+.2f %%",
                quantile(differences, 0.5),
                quantile(differences, 0.25),
                quantile(differences, 0.75),
                100 * quantile(differences, 0.5) / quantile(without, 0.5));
    }

    private double millis(ComputationGraph network, @Nullable TrainingListener listener) {
        if (listener == null) {
            network.setListeners();
        } else {
            network.setListeners(listener);
        }
        long begin = System.nanoTime();
        network.fit(images, labels);
        return (System.nanoTime() - begin) / 1e6;
    }

    private static double quantile(double[] values, double q) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = q * (sorted.length - 1);
        int low = (int) at;
        int high = Math.min(low + 1, sorted.length - 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }

    /** Measures the callbacks of the last iteration from outside. */
    private static final class Timed extends BaseTrainingListener {
        private final GradientTelemetry telemetry;
        private long backwardNanos;
        private long gradientNanos;
        private long doneNanos;

        Timed(GradientTelemetry telemetry) {
            this.telemetry = telemetry;
        }

        @Override
        public void onBackwardPass(Model model) {
            long begin = System.nanoTime();
            telemetry.onBackwardPass(model);
            backwardNanos = System.nanoTime() - begin;
        }

        @Override
        public void onGradientCalculation(Model model) {
            long begin = System.nanoTime();
            telemetry.onGradientCalculation(model);
            gradientNanos = System.nanoTime() - begin;
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            long begin = System.nanoTime();
            telemetry.iterationDone(model, iteration, epoch);
            doneNanos = System.nanoTime() - begin;
        }
    }
}
