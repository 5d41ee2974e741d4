package io.gradwatch.telemetry.evidence;

import io.gradwatch.contract.v1.RunStarted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A run's options by their names on the command line, and how those of two runs differ. */
final class Options {
    /** They do not change what is computed, or only how long, on which draw of chance, or what is measured of it. */
    private static final Set<String> OF_NO_ACCOUNT = Set.of(
            "preset",
            "epochs",
            "iterations",
            "seed",
            "data",
            "threads",
            "backend",
            "validate-every",
            "histograms-every",
            "activations-every",
            "curvature-every",
            "shattering-every");

    private Options() {}

    static Map<String, String> of(RunStarted run) {
        return new TreeMap<>(run.getConfigurationMap());
    }

    /** Whether two runs are told by the same sort of options, on the same images. */
    static boolean comparable(RunStarted one, RunStarted other) {
        return one.containsConfiguration("bn")
                && other.containsConfiguration("bn")
                && one.getClasses() == other.getClasses()
                && one.getDataset().getName().equals(other.getDataset().getName())
                && one.getDataset().getSynthetic() == other.getDataset().getSynthetic();
    }

    /**
     * The factors in which two runs differ.
     *
     * @return empty when they differ in something else as well, or in nothing
     */
    static List<Factor> differences(Map<String, String> one, Map<String, String> other) {
        Map<String, Factor> differ = new LinkedHashMap<>();
        for (Factor factor : Factor.values()) {
            if (!same(one.get(factor.option()), other.get(factor.option()))) {
                differ.put(factor.option(), factor);
            }
        }
        Map<String, String> all = new TreeMap<>(one);
        all.putAll(other);
        for (String name : all.keySet()) {
            boolean counts =
                    !OF_NO_ACCOUNT.contains(name) && Factor.ofOption(name).isEmpty();
            if (counts && !same(one.get(name), other.get(name))) {
                return List.of();
            }
        }
        return List.copyOf(differ.values());
    }

    private static boolean same(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.equals(other) || number(one) == number(other);
    }

    /** NaN of what is no number. */
    static double number(@Nullable String text) {
        if (text == null || !text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?")) {
            return Double.NaN;
        }
        return Double.parseDouble(text);
    }
}
