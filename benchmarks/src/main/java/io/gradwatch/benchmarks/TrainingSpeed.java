package io.gradwatch.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.gradwatch.experiments.layers.NativeBackend;
import io.gradwatch.experiments.network.Networks;
import io.gradwatch.experiments.network.Preset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Times iterations (forward, backward, Adam) of a preset, on request, so that a script can alternate between this process
 * and PyTorch's. Arguments: batch size and threads. Each line on standard input, {@code PRESET ITERATIONS}, is answered
 * with one line of {@code wall:cpu} milliseconds, one pair for each iteration. The first answer to a line {@code versions}
 * says what runs.
 */
public final class TrainingSpeed {
    private static final int CLASSES = 100;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Map<String, ComputationGraph> networks = new HashMap<>();
    private final NativeBackend backend;
    private final INDArray[] images;
    private final INDArray[] labels;

    private TrainingSpeed(int batchSize, int threads) {
        backend = NativeBackend.start(threads);
        Random random = new Random(1);
        float[] pixels = new float[batchSize * 32 * 32 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        float[] oneHot = new float[batchSize * CLASSES];
        for (int i = 0; i < batchSize; i++) {
            oneHot[i * CLASSES + random.nextInt(CLASSES)] = 1;
        }
        images = new INDArray[] {Nd4j.createFromArray(pixels).reshape('c', batchSize, 32, 32, 3)};
        labels = new INDArray[] {Nd4j.createFromArray(oneHot).reshape('c', batchSize, CLASSES)};
    }

    public static void main(String[] args) throws IOException {
        TrainingSpeed speed = new TrainingSpeed(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            String[] words = line.strip().split(" ");
            System.out.println(
                    words[0].equals("versions")
                            ? speed.versions()
                            : speed.measure(words[0], Integer.parseInt(words[1])));
        }
    }

    private String versions() {
        return "Deeplearning4j 1.0.0-M2.1, " + backend.describe() + ", JDK " + System.getProperty("java.version");
    }

    private String measure(String preset, int iterations) {
        ComputationGraph network = networks.computeIfAbsent(
                preset, name -> Networks.build(Preset.named(name).spec(), new Adam(0.001), 0, 1));
        StringBuilder answer = new StringBuilder();
        for (int i = 0; i < iterations; i++) {
            long cpu = system.getProcessCpuTime();
            long wall = System.nanoTime();
            network.fit(images, labels);
            double wallMillis = (System.nanoTime() - wall) / 1e6;
            double cpuMillis = (system.getProcessCpuTime() - cpu) / 1e6;
            answer.append(String.format(Locale.ROOT, i == 0 ? "%.1f:%.1f" : " %.1f:%.1f", wallMillis, cpuMillis));
        }
        return answer.toString();
    }
}
