package io.gradwatch.benchmarks;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.experiments.layers.NativeBackend;
import io.gradwatch.experiments.network.Networks;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.listener.GradientTelemetry;
import io.gradwatch.listener.network.NetworkLayout;
import io.gradwatch.listener.network.TrainedModel;
import io.gradwatch.listener.network.WeightLayer;
import io.gradwatch.listener.network.WeightLayer.Slot;
import io.gradwatch.listener.statistics.IterationStatistics;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.nd4j.linalg.learning.config.Sgd;

/**
 * One backend against another, each in a process of its own: gradients of the same parameters and images, statistics
 * reduced on the device against those summed up on the host, and milliseconds of an iteration with and without
 * telemetry. See {@code cuda-check.sh}.
 *
 * <p>Arguments: {@code write|compare FOLDER BATCH THREADS ITERATIONS PRESET...}. Exit code 1 when something differs.
 */
public final class GpuCheck {
    private static final int CLASSES = 100;
    private static final double GRADIENTS_AGREE = 1e-4;
    private static final double STATISTICS_AGREE = 1e-5;

    private final Path folder;
    private final int iterations;
    private final INDArray[] images;
    private final INDArray[] labels;
    private boolean agrees = true;

    private GpuCheck(Path folder, int batch, int iterations) {
        this.folder = folder;
        this.iterations = iterations;
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

    public static void main(String[] args) throws IOException {
        if (args.length < 6 || !List.of("write", "compare").contains(args[0])) {
            System.err.println("usage: GpuCheck write|compare FOLDER BATCH THREADS ITERATIONS PRESET...");
            System.exit(2);
        }
        NativeBackend backend = NativeBackend.start(Integer.parseInt(args[3]));
        System.out.println("\n" + args[0] + ": " + backend.describe() + ", batch " + args[2]);
        GpuCheck check = new GpuCheck(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[4]));
        for (String preset : List.of(args).subList(5, args.length)) {
            if (args[0].equals("write")) {
                check.write(preset);
            } else {
                check.compare(preset);
            }
            check.time(preset);
        }
        System.out.println(check.agrees ? "agrees" : "DIFFERS");
        System.exit(check.agrees ? 0 : 1);
    }

    private static ComputationGraph network(String preset) {
        return Networks.build(Preset.named(preset).spec(), new Sgd(0.001), 0, 1);
    }

    /** Parameters, and the gradient that this backend makes of them. */
    private void write(String preset) throws IOException {
        ComputationGraph network = network(preset);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(folder.resolve(preset)))) {
            Nd4j.write(network.params(), out);
            Nd4j.write(gradient(network), out);
        }
    }

    private void compare(String preset) throws IOException {
        ComputationGraph network = network(preset);
        INDArray expected;
        try (DataInputStream in = new DataInputStream(Files.newInputStream(folder.resolve(preset)))) {
            network.setParams(Nd4j.read(in));
            expected = Nd4j.read(in);
        }
        float[] theirs = expected.toFloatVector();
        float[] ours = gradient(network).toFloatVector();
        double worst = 0;
        String where = "";
        for (WeightLayer layer : NetworkLayout.of(TrainedModel.of(network)).layers()) {
            double difference = relativeDifference(ours, theirs, layer);
            if (!(difference <= worst)) {
                worst = difference;
                where = " (" + layer.name() + ")";
            }
        }
        agrees &= worst <= GRADIENTS_AGREE;
        System.out.printf(
                Locale.ROOT, "%s: gradients, largest relative difference of a layer %.2e%s%n", preset, worst, where);
        double statistics = statistics(network);
        agrees &= statistics <= STATISTICS_AGREE;
        System.out.printf(
                Locale.ROOT,
                "%s: statistics, device against host, largest relative difference %.2e%n",
                preset,
                statistics);
    }

    private INDArray gradient(ComputationGraph network) {
        INDArray[] seen = new INDArray[1];
        network.setListeners(new BaseTrainingListener() {
            @Override
            public void onGradientCalculation(Model model) {
                seen[0] = network.getFlattenedGradients().dup();
            }
        });
        network.fit(images, labels);
        return seen[0];
    }

    private static double relativeDifference(float[] ours, float[] theirs, WeightLayer layer) {
        double difference = 0;
        double size = 0;
        for (Slot slot : layer.weights()) {
            for (long i = slot.offset(); i < slot.offset() + slot.length(); i++) {
                double d = (double) ours[(int) i] - theirs[(int) i];
                difference += d * d;
                size += (double) theirs[(int) i] * theirs[(int) i];
            }
        }
        return Math.sqrt(difference / size);
    }

    /** Reads three iterations both ways; the largest relative difference of any figure. */
    private double statistics(ComputationGraph network) {
        TrainedModel model = TrainedModel.of(network);
        NetworkLayout layout = NetworkLayout.of(model);
        IterationStatistics host = statistics(layout, "host");
        IterationStatistics device = statistics(layout, "device");
        double[] worst = {0};
        network.setListeners(new BaseTrainingListener() {
            @Override
            public void onGradientCalculation(Model trained) {
                host.gradient(model);
                device.gradient(model);
            }

            @Override
            public void iterationDone(Model trained, int iteration, int epoch) {
                Iteration.Builder a = Iteration.newBuilder();
                Iteration.Builder b = Iteration.newBuilder();
                host.update(model, a);
                device.update(model, b);
                worst[0] = Math.max(worst[0], difference(a.build(), b.build()));
            }
        });
        for (int i = 0; i < 3; i++) {
            network.fit(images, labels);
        }
        return worst[0];
    }

    private static IterationStatistics statistics(NetworkLayout layout, String where) {
        System.setProperty("gradwatch.statistics.on", where);
        try {
            return new IterationStatistics(layout);
        } finally {
            System.clearProperty("gradwatch.statistics.on");
        }
    }

    private static double difference(Message a, Message b) {
        double worst = a.getAllFields().keySet().equals(b.getAllFields().keySet()) ? 0 : Double.POSITIVE_INFINITY;
        for (FieldDescriptor field : a.getAllFields().keySet()) {
            Object left = a.getField(field);
            Object right = b.getField(field);
            if (left instanceof Message message) {
                worst = Math.max(worst, difference(message, (Message) right));
            } else if (left instanceof List<?> all) {
                List<?> others = (List<?>) right;
                for (int i = 0; i < all.size() && i < others.size(); i++) {
                    worst = Math.max(worst, difference((Number) all.get(i), (Number) others.get(i)));
                }
            }
        }
        return worst;
    }

    private static double difference(Number a, Number b) {
        double x = a.doubleValue();
        double y = b.doubleValue();
        return Double.compare(x, y) == 0 ? 0 : Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y));
    }

    /** Medians, iteration by iteration in turn. Records wait for a Kafka that is not there: only training is measured. */
    private void time(String preset) {
        ComputationGraph network = Networks.build(Preset.named(preset).spec(), new Adam(0.001), 0, 1);
        GradientTelemetry telemetry =
                GradientTelemetry.to("127.0.0.1:1").queueCapacity(10).start(network);
        double[] with = new double[iterations];
        double[] without = new double[iterations];
        for (int i = -iterations / 2 - 5; i < iterations; i++) {
            double on = millis(network, telemetry);
            double off = millis(network, null);
            if (i >= 0) {
                with[i] = on;
                without[i] = off;
            }
        }
        long failures = telemetry.failures();
        telemetry.close(Duration.ZERO);
        Arrays.sort(with);
        Arrays.sort(without);
        System.out.printf(
                Locale.ROOT,
                "%s: %.2f ms per iteration without telemetry, %.2f with (medians of %d); %d failures%n",
                preset,
                without[iterations / 2],
                with[iterations / 2],
                iterations,
                failures);
        agrees &= failures == 0;
    }

    private double millis(ComputationGraph network, @Nullable TrainingListener listener) {
        if (listener == null) {
            network.setListeners();
        } else {
            network.setListeners(listener);
        }
        long begin = System.nanoTime();
        network.fit(images, labels);
        Nd4j.getExecutioner().commit();
        return (System.nanoTime() - begin) / 1e6;
    }
}
