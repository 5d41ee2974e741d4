package io.gradwatch.telemetry.live;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metrics that a viewer wants, under the names by which it asked. Viewers with equal sets share their frames.
 *
 * @param names in the order of the blocks
 */
record MetricSet(List<String> names) {
    private static final Map<String, FrameMetric> BY_NAME = byName();

    /** All but minima and maxima of batch normalisation. */
    static final MetricSet DEFAULT = new MetricSet(FrameMetric.ALL.stream()
            .map(m -> m.name)
            .filter(n -> !(n.startsWith("bn.") && (n.endsWith("_min") || n.endsWith("_max"))))
            .toList());

    MetricSet {
        Set<String> once = new LinkedHashSet<>(names);
        names = List.copyOf(once);
    }

    static boolean isKnown(String name) {
        return BY_NAME.containsKey(name);
    }

    /** What is accepted, for messages. */
    static String accepted() {
        return FrameMetric.ALL.stream().map(m -> m.name).collect(Collectors.joining(", "));
    }

    List<FrameMetric> metrics() {
        List<FrameMetric> metrics = new ArrayList<>(names.size());
        for (String name : names) {
            FrameMetric metric = BY_NAME.get(name);
            if (metric == null) {
                throw new IllegalArgumentException("unknown metric " + name);
            }
            metrics.add(metric);
        }
        return metrics;
    }

    private static Map<String, FrameMetric> byName() {
        Map<String, FrameMetric> byName = FrameMetric.ALL.stream().collect(Collectors.toMap(m -> m.name, m -> m));
        Stream.of("bn.batch_mean", "bn.batch_var", "bn.running_mean", "bn.running_var")
                .forEach(name -> {
                    FrameMetric mean = byName.get(name + "_mean");
                    if (mean != null) {
                        byName.put(name, mean);
                    }
                });
        return Map.copyOf(byName);
    }
}
