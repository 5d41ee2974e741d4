package io.gradwatch.experiments.table1;

import io.gradwatch.experiments.network.Preset;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * A row of the paper's Table 1.
 *
 * @param number place in the paper's table, from 1
 * @param name of the preset
 * @param network name of the first row with the same network; rows that share it differ in how they are trained
 * @param batchSize images of a step
 * @param learningRate of Adam
 * @param weightDecay L2; 0 for none
 * @param paperTest test accuracy in the paper, percent
 * @param paperTrain train accuracy in the paper, percent
 */
public record Row(
        int number,
        String name,
        String network,
        int batchSize,
        double learningRate,
        double weightDecay,
        double paperTest,
        double paperTrain) {

    /** The rows of the paper, in its order. */
    public static List<Row> all() {
        List<Preset> presets = Preset.table1();
        return IntStream.range(0, presets.size())
                .mapToObj(i -> of(i + 1, presets.get(i), networkOf(presets.get(i), presets)))
                .toList();
    }

    private static String networkOf(Preset preset, List<Preset> presets) {
        return presets.stream()
                .filter(other -> other.spec().equals(preset.spec()))
                .findFirst()
                .orElse(preset)
                .name();
    }

    private static Row of(int number, Preset preset, String network) {
        return new Row(
                number,
                preset.name(),
                network,
                preset.batchSize(),
                preset.learningRate(),
                preset.weightDecay(),
                known(preset.paperTestPercent()),
                known(preset.paperTrainPercent()));
    }

    private static double known(OptionalDouble figure) {
        return figure.orElseThrow(() -> new IllegalStateException("a row of Table 1 without a figure of the paper"));
    }
}
