package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Buckets;
import io.gradwatch.telemetry.history.Metric;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.SeriesQueries;
import io.gradwatch.telemetry.history.Smoothing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request for series says about metrics, layers and smoothing: the same for one run and for several. */
record SeriesRequest(List<Metric> metrics, LayerChoice layer, int most, Optional<Smoothing> smoothing) {
    /** Parameters that this reads; others are the resource's own. */
    static final List<String> PARAMETERS =
            List.of("metric", "layer", "buckets", "smoothing", "alpha", "halflife", "space");

    private static final int MOST_BUCKETS = 10_000;
    private static final double LONGEST_HALF_LIFE = 1e9;

    static SeriesRequest of(QueryParameters query) {
        List<Metric> metrics = metrics(query, null);
        Optional<LayerChoice> layer = LayerChoice.of(query);
        Optional<Metric> perLayer =
                metrics.stream().filter(m -> m.scope() != Metric.Scope.RUN).findFirst();
        if (perLayer.isPresent() && layer.isEmpty()) {
            throw new ApiProblem(
                    400,
                    "layer is missing, and " + perLayer.get().name() + " is per layer; accepted is " + LayerChoice.FORM,
                    "layer",
                    LayerChoice.FORM);
        }
        int most = (int) query.whole("buckets", 600, 1, MOST_BUCKETS);
        return new SeriesRequest(metrics, layer.orElse(new LayerChoice("*")), most, smoothing(query));
    }

    /** The parameter {@code metric}, or a list that stands for it. */
    static List<Metric> metrics(QueryParameters query, @Nullable String fallback) {
        String accepted = "one or several, separated by commas, of " + String.join(", ", Metric.names());
        String text = fallback == null
                ? query.needed("metric", accepted)
                : query.text("metric").orElse(fallback);
        Set<Metric> metrics = new LinkedHashSet<>();
        for (String name : text.split(",", -1)) {
            metrics.add(Metric.of(name).orElseThrow(() -> ApiProblem.badValue("metric", name, accepted)));
        }
        return List.copyOf(metrics);
    }

    private static Optional<Smoothing> smoothing(QueryParameters query) {
        Optional<Boolean> wanted = query.oneOf("smoothing", List.of("none", "ewma"), word -> switch (word) {
            case "none" -> Optional.of(false);
            case "ewma" -> Optional.of(true);
            default -> Optional.empty();
        });
        Optional<Double> alpha = query.number("alpha", 0, 1, "a number above 0, at most 1");
        Optional<Double> halfLife = query.number(
                "halflife", 0, LONGEST_HALF_LIFE, "a number of values above 0, at most " + (long) LONGEST_HALF_LIFE);
        Optional<Boolean> logarithmic = query.oneOf("space", List.of("linear", "log"), word -> switch (word) {
            case "linear" -> Optional.of(false);
            case "log" -> Optional.of(true);
            default -> Optional.empty();
        });
        if (!wanted.orElse(false)) {
            for (String name : List.of("alpha", "halflife", "space")) {
                if (query.text(name).isPresent()) {
                    throw new ApiProblem(
                            400,
                            name + " is given without smoothing; accepted with it is smoothing=ewma",
                            name,
                            "ewma");
                }
            }
            return Optional.empty();
        }
        if (alpha.isPresent() == halfLife.isPresent()) {
            throw new ApiProblem(
                    400,
                    "smoothing=ewma needs " + (alpha.isPresent() ? "one" : "either")
                            + " of alpha and halflife; accepted is alpha=0.1 or halflife=20",
                    alpha.isPresent() ? "halflife" : "alpha",
                    "either alpha or halflife");
        }
        boolean log = logarithmic.orElse(false);
        return Optional.of(
                alpha.isPresent()
                        ? new Smoothing(alpha.get(), log)
                        : Smoothing.ofHalfLife(halfLife.orElseThrow(), log));
    }

    /**
     * What to ask history for.
     *
     * @param cells buckets that an answer has already
     * @throws ApiProblem when a layer is not the run's, or the answer would be too large
     */
    List<SeriesQueries.Wanted> wanted(RunExtent run, Buckets buckets, long cells) {
        List<SeriesQueries.Wanted> wanted = new ArrayList<>();
        long all = cells;
        for (Metric metric : metrics) {
            List<Integer> layers = switch (metric.scope()) {
                case RUN -> List.of();
                case LAYER -> layer.among(run.layers(), metric.name());
                case BATCH_NORM -> layer.among(run.batchNorms(), metric.name());
            };
            all += (long) Math.max(1, layers.size()) * buckets.number();
            if (all > SeriesRoutes.MOST_CELLS) {
                throw ApiProblem.badValue(
                        "buckets",
                        Integer.toString(most),
                        "a number that makes at most " + SeriesRoutes.MOST_CELLS
                                + " buckets over all series asked for");
            }
            wanted.add(new SeriesQueries.Wanted(metric, layers));
        }
        return wanted;
    }
}
