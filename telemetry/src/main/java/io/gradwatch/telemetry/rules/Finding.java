package io.gradwatch.telemetry.rules;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A rule's reasons at one iteration.
 *
 * @param concern which layers
 * @param message one or two sentences for a person
 * @param inputs what the rule saw, by name
 * @param thresholds what it compared with, by name
 */
public record Finding(Concern concern, String message, Map<String, Double> inputs, Map<String, Double> thresholds) {

    /** Nothing to say. */
    public static final Finding NONE = new Finding(Concern.NONE, "", Map.of(), Map.of());

    /** A finding about the run as a whole. */
    public static Finding ofRun(String message, Map<String, Double> inputs, Map<String, Double> thresholds) {
        return new Finding(Concern.NONE, message, inputs, thresholds);
    }

    /** A finding about layers, none of them a cut. */
    public static Finding ofLayers(
            List<Integer> layers, String message, Map<String, Double> inputs, Map<String, Double> thresholds) {
        return new Finding(new Concern(layers, OptionalInt.empty()), message, inputs, thresholds);
    }

    /**
     * Which layers a finding is about.
     *
     * @param layers indices, ascending
     * @param cut the layer on the input's side of the largest drop, where one is worth naming
     */
    public record Concern(List<Integer> layers, OptionalInt cut) {
        static final Concern NONE = new Concern(List.of(), OptionalInt.empty());

        public Concern {
            layers = List.copyOf(layers);
        }
    }
}
