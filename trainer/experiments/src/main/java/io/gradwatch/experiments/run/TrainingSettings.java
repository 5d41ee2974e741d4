package io.gradwatch.experiments.run;

import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Networks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Everything that decides what a run computes.
 *
 * @param preset name of the preset that the settings began with
 * @param spec the network
 * @param epochs planned, at least 1; the schedule of the learning rate spans them
 * @param iterations ends the run earlier; empty for no such limit
 * @param batchSize images of a step, at least 1
 * @param learningRate of Adam in the first epoch, above 0
 * @param schedule of the learning rate
 * @param weightDecay L2, added to the gradient; 0 for none
 * @param seed of the initial parameters, the split, the order and the augmentation
 * @param augmentation of the training images
 * @param validateEvery epochs from one validation to the next; the last epoch is always validated; 0 for never
 */
public record TrainingSettings(
        String preset,
        NetworkSpec spec,
        int epochs,
        OptionalLong iterations,
        int batchSize,
        double learningRate,
        LearningRateSchedule schedule,
        double weightDecay,
        long seed,
        Augmentation augmentation,
        int validateEvery) {

    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.999;
    private static final double EPSILON = 1e-8;

    /** The settings by their names on the command line, as text that it accepts. */
    public Map<String, String> toOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("preset", preset);
        options.put("epochs", Integer.toString(epochs));
        iterations.ifPresent(limit -> options.put("iterations", Long.toString(limit)));
        options.put("batch", Integer.toString(batchSize));
        options.put("lr", Double.toString(learningRate));
        options.put("schedule", optionOf(schedule));
        options.put("weight-decay", Double.toString(weightDecay));
        options.put("seed", Long.toString(seed));
        options.putAll(spec.options());
        options.put("augment", augmentation.cropAndFlip() ? "on" : "off");
        options.put("noise", Double.toString(augmentation.noise()));
        options.put("validate-every", Integer.toString(validateEvery));
        return options;
    }

    /** A constant's name on the command line: {@code LEAKY_RELU} becomes "leaky-relu". */
    public static String optionOf(Enum<?> constant) {
        return NetworkSpec.optionOf(constant);
    }

    /** Whether the epoch (0-based) ends with a validation. */
    boolean validatesAfter(int epoch) {
        return validateEvery > 0 && ((epoch + 1) % validateEvery == 0 || epoch == epochs - 1);
    }

    /** The network with its first parameters and Adam (β 0.9 and 0.999, ε 1e-8). Starts the native backend. */
    public ComputationGraph buildNetwork() {
        Adam adam = Adam.builder()
                .learningRate(learningRate)
                .learningRateSchedule(schedule.toUpdater(learningRate, epochs))
                .beta1(BETA_1)
                .beta2(BETA_2)
                .epsilon(EPSILON)
                .build();
        return Networks.build(spec, adam, weightDecay, seed);
    }
}
