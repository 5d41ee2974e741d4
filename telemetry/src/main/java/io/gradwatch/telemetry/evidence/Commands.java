package io.gradwatch.telemetry.evidence;

import io.gradwatch.contract.v1.RunStarted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Command lines that train a run's network again, with something changed and everything else as it was. */
final class Commands {
    /** What a command without the option does, in every preset. */
    private static final Map<String, String> USUAL =
            Map.of("augment", "on", "noise", "0.0", "validate-every", "1", "weight-decay", "0.0", "schedule", "cosine");

    /** What no command needs: what the preset's name says, and what does not change the training. */
    private static final Set<String> LEFT_OUT = Set.of("preset", "threads", "backend");

    private static final List<String> FIRST =
            List.of("epochs", "iterations", "batch", "lr", "schedule", "weight-decay", "seed", "data");

    private Commands() {}

    /** Whether a command can train it: it was made by one. */
    static boolean canTrain(RunStarted run) {
        return !run.getPreset().isEmpty() && run.containsConfiguration("bn") && run.containsConfiguration("preset");
    }

    /**
     * The command.
     *
     * @param changes options with their new values; an option that the network does not have is refused
     * @return empty when the run is no preset's, or does not have such an option
     */
    static Optional<String> train(RunStarted run, Map<String, String> changes) {
        if (!canTrain(run) || !run.getConfigurationMap().keySet().containsAll(changes.keySet())) {
            return Optional.empty();
        }
        Map<String, String> options = new LinkedHashMap<>(Options.of(run));
        options.putAll(changes);
        String preset = preset(options).orElse(run.getPreset());
        Map<String, String> implied = preset.startsWith("vgg") ? network(preset) : Map.of();
        List<String> words = new ArrayList<>(List.of("./gradwatch", "train", preset));
        Map<String, String> usual = new HashMap<>(USUAL);
        if (preset.contains("-wd")) {
            usual.remove("weight-decay"); // such a preset has one of its own
        }
        usual.putAll(implied);
        FIRST.forEach(name -> add(words, name, options, usual));
        options.keySet().stream()
                .filter(name -> !FIRST.contains(name))
                .forEach(name -> add(words, name, options, usual));
        return Optional.of(String.join(" ", words));
    }

    private static void add(List<String> words, String name, Map<String, String> options, Map<String, String> usual) {
        String value = options.get(name);
        if (value == null || LEFT_OUT.contains(name) || value.equals(usual.get(name))) {
            return;
        }
        words.add("--" + name);
        words.add(quoted(value));
    }

    /** The plain name of a VGG network, without hyper-parameters; empty when there is none. */
    private static Optional<String> preset(Map<String, String> options) {
        String depth = options.getOrDefault("depth-blocks", "");
        if (!options.containsKey("skip") || !(depth.equals("0") || depth.equals("5"))) {
            return Optional.empty();
        }
        boolean sigmoid = "sigmoid".equals(options.get("activation"));
        String bn = switch (options.getOrDefault("bn", "")) {
            case "none" -> "";
            case "before" -> "-bn";
            default -> "?";
        };
        String skip = switch (options.getOrDefault("skip", "")) {
            case "none" -> "";
            case "conv" -> "-resnet";
            default -> "?";
        };
        String name = (depth.equals("0") ? "vgg08" : "vgg38") + (sigmoid ? "-sigmoid" : "") + bn + skip;
        boolean exists = !name.contains("?") && (!sigmoid || name.endsWith("-sigmoid-bn"));
        return exists ? Optional.of(name) : Optional.empty();
    }

    /** What the name of a VGG preset says of its network. */
    private static Map<String, String> network(String preset) {
        if (preset.matches(".*(-after|-entry|-avg|-max).*")) {
            return Map.of(); // everything is spelt out
        }
        return Map.of(
                "depth-blocks", preset.startsWith("vgg08") ? "0" : "5",
                "bn", preset.contains("-bn") ? "before" : "none",
                "skip", preset.contains("-resnet") ? "conv" : "none",
                "activation", preset.contains("-sigmoid") ? "sigmoid" : "leaky-relu",
                "filters", "32",
                "init", "uniform");
    }

    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./:@%+=-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    /** "0.0001" of 0.001 and a tenth; empty when the rate is not known. */
    static Optional<String> rate(RunStarted run, double factor) {
        double rate = Options.number(run.getConfigurationMap().get("lr"));
        if (!(rate > 0)) {
            return Optional.empty();
        }
        String text = String.format(Locale.ROOT, "%.3g", rate * factor);
        double rounded = Double.parseDouble(text);
        return Optional.of(
                rounded >= 1e-3 && rounded < 1000
                        ? text.replaceAll("0+$", "").replaceAll("\\.$", "")
                        : Double.toString(rounded).replace(".0E", "e").replace("E", "e"));
    }
}
