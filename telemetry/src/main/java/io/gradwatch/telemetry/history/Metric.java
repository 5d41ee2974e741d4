package io.gradwatch.telemetry.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something that is measured in every iteration, or sampled: measured in some.
 *
 * @param name as in the API
 * @param unit as in the API; empty for a plain number
 * @param kind what its values are on the wire
 * @param sampled whether it is there in some iterations only
 * @param expression over the columns of its table; NULL where it was not measured
 */
public record Metric(String name, Scope scope, String unit, Kind kind, boolean sampled, String expression) {
    /** What there is one value of in an iteration. */
    public enum Scope {
        RUN("NULL"),
        LAYER("layer"),
        BATCH_NORM("bn");

        private final String index;

        Scope(String index) {
            this.index = index;
        }

        /** The column that tells the layer, or NULL. */
        String index() {
            return index;
        }
    }

    /** What the values of a metric are. */
    public enum Kind {
        /** Floats: shown with the digits of a float. */
        FLOAT("FLOAT"),
        DOUBLE("DOUBLE"),
        /** Whole numbers. Beyond 2^53 they are rounded. */
        COUNT("DOUBLE");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** Type to compute with, in DuckDB. */
        String type() {
            return type;
        }
    }

    private static final Map<String, Metric> ALL = catalogue();

    /** The metric of this name or short form; the answer's name is the one that was asked for. */
    public static Optional<Metric> of(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /** Every name, short forms included, in the order of the documentation. */
    public static Set<String> names() {
        return ALL.keySet();
    }

    /** The names of metrics that are per layer or per BN layer. */
    public static List<String> namesWithLayers() {
        return ALL.values().stream()
                .filter(m -> m.scope() != Scope.RUN)
                .map(Metric::name)
                .toList();
    }

    /** Where its values are. */
    String table() {
        return switch (scope) {
            case RUN -> "iterations";
            case LAYER -> sampled ? "layer_samples" : "layer_values";
            case BATCH_NORM -> "bn_values";
        };
    }

    private static Map<String, Metric> catalogue() {
        List<Metric> all = new ArrayList<>(List.of(
                each("loss", Scope.RUN, "nats", "loss"),
                each("accuracy", Scope.RUN, "share", "accuracy"),
                each("learning_rate", Scope.RUN, "", "learning_rate"),
                each("iteration_ms", Scope.RUN, "ms", "iteration_ms"),
                each("telemetry_ms", Scope.RUN, "ms", "telemetry_ms"),
                count("dropped", Scope.RUN, "records", "dropped"),
                each("gradient.mean_abs", Scope.LAYER, "", "mean_abs"),
                each("gradient.l2", Scope.LAYER, "", "l2"),
                each("gradient.max_abs", Scope.LAYER, "", "max_abs"),
                each("gradient.zero_fraction", Scope.LAYER, "share", "zero_fraction"),
                // an empty array on the wire: none in any layer
                count("gradient.nan", Scope.LAYER, "elements", "coalesce(nan_count, 0)"),
                count("gradient.inf", Scope.LAYER, "elements", "coalesce(inf_count, 0)"),
                each("parameter.l2", Scope.LAYER, "", "parameter_l2"),
                each("update.ratio", Scope.LAYER, "", "update_ratio")));
        for (String quantity : Schema.BN_QUANTITIES) {
            for (String summary : List.of("_mean", "_min", "_max")) {
                all.add(each("bn." + quantity + summary, Scope.BATCH_NORM, "", quantity + summary));
            }
        }
        all.add(each("bn.drift", Scope.BATCH_NORM, "running σ", "drift"));
        for (String quantity : List.of("batch_mean", "batch_var", "running_mean", "running_var")) {
            all.add(each("bn." + quantity, Scope.BATCH_NORM, "", quantity + "_mean"));
        }
        all.addAll(sampledOnes());
        Map<String, Metric> byName = new LinkedHashMap<>();
        all.forEach(m -> byName.put(m.name(), m));
        return byName;
    }

    private static List<Metric> sampledOnes() {
        return List.of(
                sampled("activation.mean", Scope.LAYER, "", Kind.FLOAT),
                sampled("activation.std", Scope.LAYER, "", Kind.FLOAT),
                sampled("activation.negative_fraction", Scope.LAYER, "share", Kind.FLOAT),
                sampled("activation.one_sided_fraction", Scope.LAYER, "share", Kind.FLOAT),
                sampled("curvature.step", Scope.RUN, "", Kind.FLOAT),
                sampled("curvature.gradient_square", Scope.RUN, "", Kind.DOUBLE),
                sampled("curvature.gradient_curvature", Scope.RUN, "", Kind.DOUBLE),
                sampled("curvature.predicted_change", Scope.RUN, "nats", Kind.DOUBLE),
                sampled("curvature.actual_change", Scope.RUN, "nats", Kind.DOUBLE),
                sampled("curvature.cost_ms", Scope.RUN, "ms", Kind.FLOAT),
                sampled("shattering.correlation", Scope.RUN, "", Kind.FLOAT),
                sampled("shattering.layer_correlation", Scope.LAYER, "", Kind.FLOAT),
                sampled("shattering.cost_ms", Scope.RUN, "ms", Kind.FLOAT),
                sampled("resources.process_cpu", Scope.RUN, "processors", Kind.FLOAT),
                sampled("resources.system_cpu", Scope.RUN, "share", Kind.FLOAT),
                sampled("resources.heap_bytes", Scope.RUN, "bytes", Kind.COUNT),
                sampled("resources.resident_bytes", Scope.RUN, "bytes", Kind.COUNT),
                sampled("resources.native_bytes", Scope.RUN, "bytes", Kind.COUNT),
                sampled("resources.gpu", Scope.RUN, "share", Kind.FLOAT),
                sampled("resources.gpu_bytes", Scope.RUN, "bytes", Kind.COUNT));
    }

    private static Metric each(String name, Scope scope, String unit, String expression) {
        return new Metric(name, scope, unit, Kind.FLOAT, false, expression);
    }

    private static Metric count(String name, Scope scope, String unit, String expression) {
        return new Metric(name, scope, unit, Kind.COUNT, false, expression);
    }

    /** Its column has its name, with an underscore for the dot. */
    private static Metric sampled(String name, Scope scope, String unit, Kind kind) {
        return new Metric(name, scope, unit, kind, true, name.replace('.', '_'));
    }
}
