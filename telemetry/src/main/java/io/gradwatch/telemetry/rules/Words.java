package io.gradwatch.telemetry.rules;

import io.gradwatch.telemetry.rules.Finding.Concern;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/** What both vanishing rules say in the same words. */
final class Words {
    private Words() {}

    static String share(long some, int all) {
        return (some == all ? "All " + all : some + " of " + all) + " layers receive";
    }

    static String decades(double decades) {
        return String.format(Locale.ROOT, "%.1f decades", decades);
    }

    /** "1e-8" of -8, "3e-8" of -7.5. */
    static String powerOfTen(double log10) {
        return String.format(Locale.ROOT, "%.0e", Math.pow(10, log10)).replace("e-0", "e-");
    }

    /** "4.1e-5" of -4.39. */
    static String magnitude(double log10) {
        return String.format(Locale.ROOT, "%.1e", Math.pow(10, log10)).replace("e-0", "e-");
    }

    /** The sentence that says at which layer, or why at none. */
    static String whereLost(DepthProfile profile, double cutDecades) {
        double drop = profile.cutDrop();
        if (drop >= cutDecades) {
            return "The gradient is lost from " + profile.cutInWords() + ", " + decades(drop) + " in one step.";
        }
        double lost = profile.lost();
        if (lost >= 2 * cutDecades) {
            Robust.Line line = profile.slope();
            return String.format(
                    Locale.ROOT,
                    "It fades by %.2f decades a layer (R² %.2f): no single layer cuts it off.",
                    line.slope(),
                    line.r2());
        }
        return "It is as small at the last layers as at the first (" + decades(lost)
                + " lost): no single layer cuts it off.";
    }

    static Concern concern(DepthProfile profile, DoublePredicate concerned, double cutDecades) {
        return new Concern(
                IntStream.of(profile.layersWhere(concerned)).boxed().toList(),
                profile.cutDrop() >= cutDecades ? profile.cut() : OptionalInt.empty());
    }

    /** What both rules look at. Levels are log10 of the smoothed mean |g|; the slope is in decades a layer. */
    static Map<String, Double> inputs(DepthProfile profile) {
        Robust.Line line = profile.slope();
        Map<String, Double> inputs = new LinkedHashMap<>();
        inputs.put("layers", (double) profile.size());
        inputs.put("start_log10", profile.start());
        inputs.put("end_log10", profile.end());
        inputs.put("decades_lost", profile.lost());
        inputs.put("largest_drop_decades", profile.cutDrop());
        inputs.put("slope", line.slope());
        inputs.put("slope_r2", line.r2());
        return inputs;
    }
}
