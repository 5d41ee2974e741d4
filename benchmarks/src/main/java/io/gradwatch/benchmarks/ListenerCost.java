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
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * What the listener costs: one network trained with and without it in turn, iteration by iteration, while the records go
 * to a real broker. Prints a Markdown table.
 *
 * <p>Arguments: {@code KAFKA BATCH THREADS WARMUP PAIRS PRESET...}, for example {@code localhost:9092 100 2 10 60 vgg08}.
 * A pair is one iteration with and one without, in alternating order.
 */
public final class ListenerCost {
    private static final int CLASSES = 100;

    private final String kafka;
    private final int warmup;
    private final int pairs;
    private final INDArray[] images;
    private final INDArray[] labels;

    private ListenerCost(String kafka, int batch, int warmup, int pairs) {
        this.kafka = kafka;
        this.warmup = warmup;
        this.pairs = pairs;
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
    }

    public static void main(String[] args) {
        if (args.length < 6) {
            System.err.println("usage: ListenerCost KAFKA BATCH THREADS WARMUP PAIRS PRESET...");
            System.exit(2);
        }
        NativeBackend backend = NativeBackend.start(Integer.parseInt(args[2]));
        ListenerCost cost = new ListenerCost(
                args[0], Integer.parseInt(args[1]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        System.out.printf(
                "%s, JDK %s, batch %s; %s pairs of iterations after %s for warming up; milliseconds.%n%n",
                backend.describe(), System.getProperty("java.version"), args[1], args[4], args[3]);
        System.out.println("| preset | without | with | paired difference | its quartiles | in the listener | share "
                + "| gradient read | end of iteration | accuracy | delivered |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (String preset : List.of(args).subList(5, args.length)) {
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
        double[] without = new double[pairs];
        double[] with = new double[pairs];
        double[] difference = new double[pairs];
        double[][] inside = new double[4][pairs];
        for (int i = -warmup; i < pairs; i++) {
            boolean withFirst = i % 2 == 0;
            double first = millis(network, withFirst ? timed : null);
            double second = millis(network, withFirst ? null : timed);
            if (i >= 0) {
                with[i] = withFirst ? first : second;
                without[i] = withFirst ? second : first;
                difference[i] = with[i] - without[i];
                inside[0][i] = (timed.gradientNanos + timed.doneNanos + timed.backwardNanos) / 1e6;
                inside[1][i] = timed.gradientNanos / 1e6;
                inside[2][i] = timed.doneNanos / 1e6;
                inside[3][i] = timed.backwardNanos / 1e6;
            }
        }
        Delivery delivery = telemetry.close(Duration.ofSeconds(20));
        double base = quantile(without, 0.5);
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %+.2f (%+.2f %%) | %+.2f to %+.2f | %.3f | %.2f %% | %.3f | %.3f | %.3f | %d of %d |",
                preset,
                base,
                quantile(with, 0.5),
                quantile(difference, 0.5),
                100 * quantile(difference, 0.5) / base,
                quantile(difference, 0.25),
                quantile(difference, 0.75),
                quantile(inside[0], 0.5),
                100 * quantile(inside[0], 0.5) / base,
                quantile(inside[1], 0.5),
                quantile(inside[2], 0.5),
                quantile(inside[3], 0.5),
                delivery.delivered(),
                warmup + pairs);
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
