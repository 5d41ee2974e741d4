package io.gradwatch.launcher.twin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A trainer's command line, made of what a record says. Only options that say what is trained are taken, each as one argument
 * with its value, so that a value is never taken for an option.
 */
final class TwinArguments {
    private static final Set<String> ACCEPTED = Set.of(
            "activation",
            "activations-every",
            "augment",
            "batch",
            "bn",
            "curvature-every",
            "data",
            "depth-blocks",
            "epochs",
            "filters",
            "histograms-every",
            "init",
            "iterations",
            "lr",
            "name",
            "noise",
            "schedule",
            "seed",
            "shattering-every",
            "skip",
            "tag",
            "validate-every",
            "weight-decay");

    private TwinArguments() {}

    /**
     * The options as arguments.
     *
     * @throws IllegalArgumentException the preset or an option cannot be taken; the message says which
     */
    static List<String> of(String preset, Map<String, String> options) {
        if (!preset.matches("[a-z0-9][a-z0-9.-]{0,63}")) {
            throw new IllegalArgumentException("\"" + preset + "\" is no preset");
        }
        List<String> arguments = new ArrayList<>();
        new TreeMap<>(options).forEach((name, value) -> {
            if (!ACCEPTED.contains(name)) {
                throw new IllegalArgumentException("the option --" + name + " is not accepted from the dashboard");
            }
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("the value of --" + name + " has control characters");
            }
            arguments.add("--" + name + "=" + value);
        });
        return arguments;
    }
}
