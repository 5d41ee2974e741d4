package io.gradwatch.telemetry.rules;

import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers by name, in the order in which they were put. */
final class Named {
    private final Map<String, Double> values = new LinkedHashMap<>();

    Named with(String name, double value) {
        values.put(name, value);
        return this;
    }

    Named with(Timing timing) {
        timing.describe(values);
        return this;
    }

    Map<String, Double> map() {
        return values;
    }
}
