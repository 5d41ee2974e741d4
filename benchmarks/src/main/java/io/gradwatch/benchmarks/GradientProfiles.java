package io.gradwatch.benchmarks;

import static java.util.Objects.requireNonNull;

import io.gradwatch.experiments.layers.NativeBackend;
import io.gradwatch.experiments.network.NetworkLayout;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Networks;
import io.gradwatch.experiments.network.Preset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Mean absolute gradient of every layer's weights over the first iterations of a training; gradient_profiles.py is the
 * counterpart in PyTorch, which starts from the weights that this one writes.
 *
 * <p>Arguments: {@code CIFAR-100-FOLDER OUTPUT-FOLDER ITERATIONS BATCH THREADS PRESET}. Writes {@code PRESET.weights}:
 * the initial parameters but for running values, little-endian floats in C order, by name in alphabetical order; and
 * {@code PRESET.gradwatch.csv}: iteration, loss, then the mean absolute gradient of each weight layer of the main path.
 */
public final class GradientProfiles {
    private GradientProfiles() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 6) {
            System.err.println(
                    "usage: GradientProfiles CIFAR-100-FOLDER OUTPUT-FOLDER ITERATIONS BATCH THREADS PRESET");
            System.exit(2);
        }
        NativeBackend backend = NativeBackend.start(Integer.parseInt(args[4]));
        System.err.println(args[5] + ": " + backend.describe());
        Path output = Path.of(args[1]);
        NetworkSpec spec = Preset.named(args[5]).spec();
        ComputationGraph network = Networks.build(spec, new Adam(0.001), 0, 0);
        Files.write(output.resolve(args[5] + ".weights"), parameters(network));

        List<String> layers = NetworkLayout.of(spec).weightLayers().stream()
                .filter(NetworkLayout.WeightLayer::mainPath)
                .map(NetworkLayout.WeightLayer::vertex)
                .toList();
        ProfileRows rows = new ProfileRows(layers);
        network.setListeners(rows);
        try (InputStream images = CifarBatches.open(Path.of(args[0]))) {
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                CifarBatches batch = CifarBatches.next(images, Integer.parseInt(args[3]));
                network.fit(new INDArray[] {batch.images()}, new INDArray[] {batch.labels()});
            }
        }
        Files.write(output.resolve(args[5] + ".gradwatch.csv"), rows.lines);
    }

    private static byte[] parameters(ComputationGraph network) {
        Map<String, INDArray> trained = new TreeMap<>(network.paramTable());
        trained.keySet().removeIf(name -> name.endsWith("_mean") || name.endsWith("_var"));
        long floats = trained.values().stream().mapToLong(INDArray::length).sum();
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(Float.BYTES * floats)).order(ByteOrder.LITTLE_ENDIAN);
        for (INDArray parameter : trained.values()) {
            for (float value : parameter.dup('c').data().asFloat()) {
                bytes.putFloat(value);
            }
        }
        return bytes.array();
    }

    /** Reads the gradient before the optimiser does, as telemetry does. */
    private static final class ProfileRows extends BaseTrainingListener {
        private final List<String> layers;
        private final List<String> lines = new ArrayList<>();
        private String profile = "";

        ProfileRows(List<String> layers) {
            this.layers = layers;
            lines.add("iteration,loss," + String.join(",", layers));
        }

        @Override
        public void onGradientCalculation(Model model) {
            ComputationGraph network = (ComputationGraph) model;
            StringBuilder row = new StringBuilder();
            for (String layer : layers) {
                INDArray gradient = requireNonNull(network.gradient().getGradientFor(layer + "_W"), layer);
                double sum = 0;
                for (float value : gradient.dup('c').data().asFloat()) {
                    sum += Math.abs(value);
                }
                row.append(String.format(Locale.ROOT, ",%.6e", sum / gradient.length() / network.batchSize()));
            }
            profile = row.toString();
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            lines.add(String.format(Locale.ROOT, "%d,%.6f", lines.size() - 1, model.score()) + profile);
        }
    }
}
