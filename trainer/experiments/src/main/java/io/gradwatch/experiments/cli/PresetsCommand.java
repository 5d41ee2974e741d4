package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.network.Activation;
import io.gradwatch.experiments.network.Initialisation;
import io.gradwatch.experiments.network.LayerKind;
import io.gradwatch.experiments.network.NetworkLayout;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Preset;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the networks that {@code train} knows, in lines of up to 80 characters. */
@Command(
        name = "presets",
        mixinStandardHelpOptions = true,
        description = "List the networks: names, parameter counts, and the accuracies that the paper reports.")
final class PresetsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        printTable1(out, Preset.table1());
        out.println();
        printFurther(out, Preset.further());
        out.printf(
                "%nBuilt of %s,%nwith --backend cuda of %s.%n",
                LayerKind.FAST.where(false).describe(),
                LayerKind.FAST.where(true).describe());
        out.printf("Train one: gradwatch train %s%n", Preset.table1().get(0).name());
        out.println("Options change any of it: gradwatch train --help");
        out.flush();
        return 0;
    }

    private static void printTable1(PrintWriter out, List<Preset> presets) {
        int width = widest(presets);
        String heading = "%-" + width + "s  %7s  %5s  %5s  %5s  %5s  %5s%n";
        out.println("Table 1 of the paper; its accuracies in percent, on test and training images");
        out.println();
        out.printf(heading, "preset", "params", "batch", "lr", "decay", "test", "train");
        for (Preset preset : presets) {
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %,7d  %5d  %5s  %5s  %5s  %5s%n",
                    preset.name(),
                    preset.trainableParameters(),
                    preset.batchSize(),
                    number(preset.learningRate()),
                    number(preset.weightDecay()),
                    percent(preset.paperTestPercent()),
                    percent(preset.paperTrainPercent()));
        }
    }

    private static void printFurther(PrintWriter out, List<Preset> presets) {
        int width = widest(presets);
        out.println("Further networks; layers: with weights, on the longest path");
        out.println();
        out.printf("%-" + width + "s  %7s  %6s  %5s  %s%n", "preset", "params", "layers", "batch", "network");
        for (Preset preset : presets) {
            out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %,7d  %6d  %5d  %s%n",
                    preset.name(),
                    preset.trainableParameters(),
                    NetworkLayout.of(preset.spec()).weightLayers().stream()
                            .filter(NetworkLayout.WeightLayer::mainPath)
                            .count(),
                    preset.batchSize(),
                    words(preset.spec()));
        }
    }

    /** "DenseNet, bn before, growth 12": what sets it apart. */
    private static String words(NetworkSpec spec) {
        var own = new TreeMap<>(spec.architecture().ownOptions());
        own.put("bn", NetworkSpec.optionOf(spec.normalisation()));
        own.values().removeIf("none"::equals);
        if (spec.activation() != Activation.LEAKY_RELU) {
            own.put("activation", NetworkSpec.optionOf(spec.activation()));
        }
        if (spec.initialisation() != Initialisation.UNIFORM) {
            own.put("init", NetworkSpec.optionOf(spec.initialisation()));
        }
        return spec.architecture().family()
                + own.entrySet().stream()
                        .map(option -> ", " + option.getKey() + " " + option.getValue())
                        .collect(Collectors.joining());
    }

    private static int widest(List<Preset> presets) {
        return presets.stream().mapToInt(preset -> preset.name().length()).max().orElse(1);
    }

    /** 0.001 as "0.001", 6e-4 as "6e-4". */
    private static String number(double value) {
        if (value == 0) {
            return "0";
        }
        String text = Double.toString(value);
        return text.replace(".0E", "e").replace('E', 'e');
    }

    private static String percent(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "-";
    }
}
