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
import java.util.Locale;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Times iterations (forward, backward, Adam) of a network, on request, so that a script can alternate between this process
 * and PyTorch's. Argument: threads. Each line on standard input, {@code NETWORK ITERATIONS}, the network a preset or
 * {@code PRESET@BATCH}, is answered with one line of {@code wall:cpu} milliseconds, one pair for each iteration. A line
 * {@code versions} is answered with what runs. One network is kept: that of the last request.
 */
public final class TrainingSpeed {
    private static final int CLASSES = 100;
    private static final int BATCH_SIZE = 100;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final NativeBackend backend;
    private String name = "";
    private @Nullable Trained current;

    private TrainingSpeed(int threads) {
        backend = NativeBackend.start(threads);
    }

    /** A network and the batch that it trains on. */
    private record Trained(ComputationGraph network, INDArray images, INDArray labels) {
        static Trained named(String name) {
            String[] parts = name.split("@", 2);
            int batchSize = parts.length > 1 ? Integer.parseInt(parts[1]) : BATCH_SIZE;
            Random random = new Random(1);
            float[] pixels = new float[batchSize * 32 * 32 * 3];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) random.nextGaussian();
            }
            float[] oneHot = new float[batchSize * CLASSES];
            for (int i = 0; i < batchSize; i++) {
                oneHot[i * CLASSES + random.nextInt(CLASSES)] = 1;
            }
            return new Trained(
                    Networks.build(Preset.named(parts[0]).spec(), new Adam(0.001), 0, 1),
                    Nd4j.createFromArray(pixels).reshape('c', batchSize, 32, 32, 3),
                    Nd4j.createFromArray(oneHot).reshape('c', batchSize, CLASSES));
        }

        void step() {
            network.fit(new INDArray[] {images}, new INDArray[] {labels});
        }

        void free() {
            network.close();
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        }
    }

    public static void main(String[] args) throws IOException {
        TrainingSpeed speed = new TrainingSpeed(Integer.parseInt(args[0]));
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

    private String measure(String wanted, int iterations) {
        Trained trained = current;
        if (trained == null || !wanted.equals(name)) {
            if (trained != null) {
                trained.free();
            }
            trained = Trained.named(wanted);
            current = trained;
            name = wanted;
        }
        StringBuilder answer = new StringBuilder();
        for (int i = 0; i < iterations; i++) {
            long cpu = system.getProcessCpuTime();
            long wall = System.nanoTime();
            trained.step();
            double wallMillis = (System.nanoTime() - wall) / 1e6;
            double cpuMillis = (system.getProcessCpuTime() - cpu) / 1e6;
            answer.append(String.format(Locale.ROOT, i == 0 ? "%.1f:%.1f" : " %.1f:%.1f", wallMillis, cpuMillis));
        }
        return answer.toString();
    }
}
