package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.network.LayerKind;
import io.gradwatch.experiments.network.Preset;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the networks that {@code train} knows. */
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
        out.printf(
                "%-18s %11s %6s %7s %13s   %s%n",
                "preset", "parameters", "batch", "lr", "weight decay", "paper: test / train");
        for (Preset preset : Preset.all()) {
            out.printf(
                    Locale.ROOT,
                    "%-18s %,11d %6d %7s %13s   %s / %s%n",
                    preset.name(),
                    preset.trainableParameters(),
                    preset.batchSize(),
                    preset.learningRate(),
                    preset.weightDecay() == 0 ? "0" : Double.toString(preset.weightDecay()),
                    percent(preset.paperTestPercent()),
                    percent(preset.paperTrainPercent()));
        }
        out.printf(
                "%nBuilt of %s on the CPU, of %s with --backend cuda.%n",
                LayerKind.FAST.where(false).describe(),
                LayerKind.FAST.where(true).describe());
        out.printf("%nTrain one: gradwatch train %s%n", Preset.all().get(0).name());
        out.flush();
        return 0;
    }

    private static String percent(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.2f %%", value.getAsDouble()) : "-";
    }
}
