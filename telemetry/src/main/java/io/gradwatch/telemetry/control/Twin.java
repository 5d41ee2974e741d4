package io.gradwatch.telemetry.control;

import io.gradwatch.contract.v1.RunStarted;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The cured twin of a run: the same network with batch normalisation and skip connections, trained in the same way. Pure.
 */
public sealed interface Twin {
    /**
     * There is one.
     *
     * @param preset of the command {@code train}
     * @param options of it, by their names, in order
     */
    record Plan(String preset, Map<String, String> options) implements Twin {
        public Plan {
            options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }

        /** As one would type it. */
        public String commandLine() {
            StringBuilder line = new StringBuilder("./gradwatch train ").append(preset);
            options.forEach(
                    (name, value) -> line.append(" --").append(name).append(' ').append(quoted(value)));
            return line.toString();
        }

        private static String quoted(String value) {
            return value.matches("[A-Za-z0-9._/:+-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
        }
    }

    /**
     * There is none.
     *
     * @param reason why, in one sentence
     */
    record None(String reason) implements Twin {}

    /** Presets that are another one with batch normalisation and skips. */
    Map<String, String> CURED = Map.of("vgg08", "vgg08-bn-resnet", "vgg38", "vgg38-bn-resnet");

    /** What was said of this machine, or follows from the rest. */
    Set<String> LEFT_OUT = Set.of("preset", "threads", "bn", "skip");

    /** The twin of a run, from what its trainer recorded. */
    static Twin of(String runId, RunStarted started) {
        Map<String, String> recorded = started.getConfigurationMap();
        String preset = recorded.getOrDefault("preset", started.getPreset());
        if (preset.isEmpty() || !recorded.containsKey("bn")) {
            return new None("only a network of ./gradwatch presets can be started again with another structure");
        }
        if (!recorded.containsKey("skip")) {
            return new None("a network of this family has its own kind of skip connections");
        }
        String bn = recorded.getOrDefault("bn", "none");
        String skip = recorded.getOrDefault("skip", "none");
        boolean normalised = bn.equals("before") || bn.equals("after");
        boolean skips = !skip.equals("none");
        if (normalised && skips) {
            return new None("it has batch normalisation and skip connections already");
        }
        Map<String, String> options = new LinkedHashMap<>();
        options.put("bn", normalised ? bn : "before");
        options.put("skip", skips ? skip : "conv");
        new TreeMap<>(recorded).forEach((name, value) -> {
            if (!LEFT_OUT.contains(name)) {
                options.put(name, value);
            }
        });
        String cured = CURED.getOrDefault(preset, preset);
        boolean named = !started.getName().isEmpty() && !started.getName().equals(preset);
        options.put("name", named ? started.getName() + ", cured" : named(preset, cured));
        options.put("tag", "twin-of-" + runId);
        return new Plan(cured, options);
    }

    private static String named(String preset, String cured) {
        return cured.equals(preset) ? preset + ", cured" : cured;
    }
}
