package io.gradwatch.telemetry.runs;

import io.gradwatch.contract.v1.Iteration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a run may measure in some iterations only. The order is that of their numbers in history: append, never insert. */
public enum Sample {
    ACTIVATION,
    CURVATURE,
    SHATTERING,
    RESOURCES,
    HISTOGRAMS;

    /** The name in the API: that of its metrics before the dot. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What this iteration has. */
    static Set<Sample> of(Iteration i) {
        if (!i.hasActivations() && !i.hasCurvature() && !i.hasShattering() && !i.hasResources()) {
            return Set.of();
        }
        Set<Sample> samples = EnumSet.noneOf(Sample.class);
        if (i.hasActivations()) {
            samples.add(ACTIVATION);
        }
        if (i.hasCurvature()) {
            samples.add(CURVATURE);
        }
        if (i.hasShattering()) {
            samples.add(SHATTERING);
        }
        if (i.hasResources()) {
            samples.add(RESOURCES);
        }
        return samples;
    }

    /** A set as the bits of a number; {@link #ofBits} reads it back. */
    public static int bits(Set<Sample> samples) {
        return samples.stream().mapToInt(s -> 1 << s.ordinal()).sum();
    }

    /** The set of {@link #bits}, in the order of the values. */
    public static Set<Sample> ofBits(int bits) {
        Set<Sample> samples = EnumSet.noneOf(Sample.class);
        Arrays.stream(values()).filter(s -> (bits & 1 << s.ordinal()) != 0).forEach(samples::add);
        return Collections.unmodifiableSet(samples);
    }
}
