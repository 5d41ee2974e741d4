package io.gradwatch.telemetry.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something that is measured in every iteration.
 *
 * @param name as in the API
 * @param unit as in the API; empty for a plain number
 * @param expression over the columns of the scope's table; NULL where it was not measured
 */
public record Metric(String name, Scope scope, String unit, String expression) {
    /** What there is one value of in an iteration. */
    public enum Scope {
        RUN("iterations", "NULL"),
        LAYER("layer_values", "layer"),
        BATCH_NORM("bn_values", "bn");

        private final String table;
        private final String index;

        Scope(String table, String index) {
            this.table = table;
            this.index = index;
        }

        String table() {
            return table;
        }

        /** The column that tells the layer, or NULL. */
        String index() {
            return index;
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

    /** Whether it is a whole number of up to 64 bits; everything else is a float on the wire. */
    public boolean isCount() {
        return unit.equals("elements") || unit.equals("records");
    }

    private static Map<String, Metric> catalogue() {
        List<Metric> all = new ArrayList<>(List.of(
                new Metric("loss", Scope.RUN, "nats", "loss"),
                new Metric("accuracy", Scope.RUN, "share", "accuracy"),
                new Metric("learning_rate", Scope.RUN, "", "learning_rate"),
                new Metric("iteration_ms", Scope.RUN, "ms", "iteration_ms"),
                new Metric("telemetry_ms", Scope.RUN, "ms", "telemetry_ms"),
                new Metric("dropped", Scope.RUN, "records", "dropped"),
                new Metric("gradient.mean_abs", Scope.LAYER, "", "mean_abs"),
                new Metric("gradient.l2", Scope.LAYER, "", "l2"),
                new Metric("gradient.max_abs", Scope.LAYER, "", "max_abs"),
                new Metric("gradient.zero_fraction", Scope.LAYER, "share", "zero_fraction"),
                // an empty array on the wire: none in any layer
                new Metric("gradient.nan", Scope.LAYER, "elements", "coalesce(nan_count, 0)"),
                new Metric("gradient.inf", Scope.LAYER, "elements", "coalesce(inf_count, 0)"),
                new Metric("parameter.l2", Scope.LAYER, "", "parameter_l2"),
                new Metric("update.ratio", Scope.LAYER, "", "update_ratio")));
        for (String quantity : Schema.BN_QUANTITIES) {
            for (String summary : List.of("_mean", "_min", "_max")) {
                all.add(new Metric("bn." + quantity + summary, Scope.BATCH_NORM, "", quantity + summary));
            }
        }
        all.add(new Metric("bn.drift", Scope.BATCH_NORM, "running σ", "drift"));
        for (String quantity : List.of("batch_mean", "batch_var", "running_mean", "running_var")) {
            all.add(new Metric("bn." + quantity, Scope.BATCH_NORM, "", quantity + "_mean"));
        }
        Map<String, Metric> byName = new LinkedHashMap<>();
        all.forEach(m -> byName.put(m.name(), m));
        return byName;
    }
}
