package io.gradwatch.telemetry.rules.user;

import static io.gradwatch.contract.v1.Alert.Severity.CRITICAL;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.telemetry.rules.Finding;
import io.gradwatch.telemetry.rules.Look;
import io.gradwatch.telemetry.rules.Reading;
import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.RuleDescription;
import io.gradwatch.telemetry.rules.Signals;
import io.gradwatch.telemetry.rules.Span;
import io.gradwatch.telemetry.rules.Timing;
import io.gradwatch.telemetry.rules.user.Measure.Per;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a file: one number from the layers, one from its last values, compared.
 *
 * <p>Memory: the last value that was judged, where it was (iterations evaluated, or epoch), the attempt, then the window's.
 *
 * @param version 0 until {@link #versioned}
 * @param aggregate null of metrics without layers, and where {@code when} asks of each layer whether it is a number
 * @param clear null: as soon as {@code when} does not hold
 * @param critical null: the severity is always the same
 * @param message null: one made of the definition
 * @param catches labels of runs that it is meant to fire on
 */
record UserRule(
        String name,
        int version,
        Measure measure,
        LayerChoice layers,
        @Nullable Aggregate aggregate,
        Window window,
        Comparison when,
        @Nullable Comparison clear,
        @Nullable Comparison critical,
        Severity severity,
        Timing timing,
        List<String> inhibitors,
        @Nullable Message message,
        Set<String> catches)
        implements Rule {
    private static final int HEAD = 3;
    /** Versions of rules that people write are above it, so that they are never those of a standard rule. */
    private static final int FIRST_VERSION = 1 << 30;

    /** The rule with its version: of what is measured, compared and counted; one with another message is the same rule. */
    UserRule versioned() {
        int ofThis = versionOf(definition() + "; for " + timing.forSpan() + "; keep " + timing.keepSpan() + "; warm-up "
                + timing.warmUpIterations() + "; inhibited by " + inhibitors);
        return new UserRule(
                name,
                ofThis,
                measure,
                layers,
                aggregate,
                window,
                when,
                clear,
                critical,
                severity,
                timing,
                inhibitors,
                message,
                catches);
    }

    static int versionOf(String definition) {
        CRC32 sum = new CRC32();
        sum.update(definition.getBytes(StandardCharsets.UTF_8));
        return (int) (sum.getValue() & (FIRST_VERSION - 1)) | FIRST_VERSION;
    }

    @Override
    public String idInAlerts() {
        return idInAlerts(name, version);
    }

    /** Tells the alerts of one version from those of another, also where both begin at the same iteration. */
    static String idInAlerts(String name, int version) {
        return name + "." + Integer.toHexString(version - FIRST_VERSION);
    }

    private String definition() {
        return subject() + " " + when.inWords()
                + (critical == null ? " (" + severityName() + ")" : " (warning), " + critical.inWords() + " (critical)")
                + (clear == null ? "" : "; gone when " + clear.inWords());
    }

    /** "mean of 50 iterations of the median of gradient.mean_abs over the layers (first 3)". */
    private String subject() {
        String over = !measure.hasLayers()
                ? ""
                : " over the " + (measure.per() == Per.LAYER ? "layers" : "batch norms") + " (" + layers.inWords()
                        + ")";
        String one = aggregate == null
                ? measure.name() + (measure.hasLayers() ? ", any" + over.replace(" over", " of") : "")
                : aggregate.isShare()
                        ? "share of the layers (" + layers.inWords() + ") with " + measure.name()
                                + aggregate.inWords().substring("share".length())
                        : aggregate.inWords() + " " + measure.name() + over;
        return window.function() == Window.Function.LAST ? one : window.inWords() + " of " + one;
    }

    private String severityName() {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public RuleDescription description() {
        Map<String, Double> parameters = new LinkedHashMap<>();
        if (!when.isOfKind()) {
            parameters.put("threshold", when.threshold());
        }
        if (critical != null) {
            parameters.put("critical_threshold", critical.threshold());
        }
        if (clear != null) {
            parameters.put("clear_threshold", clear.threshold());
        }
        if (aggregate != null && aggregate.isShare()) {
            parameters.put("share_limit", aggregate.limit());
        }
        timing.describe(parameters);
        String text = definition();
        return new RuleDescription(
                name,
                version,
                critical == null ? severity : CRITICAL,
                Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".",
                parameters,
                catches);
    }

    /** The values that it looks at in an event, and of which layers they are. */
    private static final class Seen {
        private final double[] values;
        private final int[] indices;

        Seen(double[] values, int[] indices) {
            this.values = values;
            this.indices = indices;
        }
    }

    private @Nullable Seen see(Signals signals) {
        double[] all = measure.of(signals);
        if (all.length == 0) {
            return null;
        }
        if (!measure.hasLayers()) {
            return new Seen(all, new int[0]);
        }
        int[] indices = layers.of(signals.run(), measure.per(), all.length);
        return indices.length == 0
                ? null
                : new Seen(Arrays.stream(indices).mapToDouble(i -> all[i]).toArray(), indices);
    }

    private double now(Seen seen) {
        if (when.isOfKind() && measure.hasLayers()) {
            return Arrays.stream(seen.values).filter(when::test).count();
        }
        return aggregate == null ? seen.values[0] : aggregate.of(seen.values);
    }

    @Override
    public boolean isJudgedByIterations() {
        return measure.per() != Per.EPOCH;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        Seen seen = see(signals);
        Epoch epoch = signals.epoch();
        if (seen == null || (epoch != null && isOld(epoch, signals, memory))) {
            return Look.none(memory);
        }
        double[] windowMemory = memory.length > HEAD ? Arrays.copyOfRange(memory, HEAD, memory.length) : new double[0];
        int perUnit = window.unit() == Span.Unit.EPOCHS && measure.per() != Per.EPOCH ? epochOf(signals) : 1;
        Window.Result result = window.with(now(seen), windowMemory, perUnit, open);
        double[] next = new double[HEAD + result.memory().length];
        System.arraycopy(result.memory(), 0, next, HEAD, result.memory().length);
        boolean judges = result.events() > 0 && (when.isOfKind() || !Double.isNaN(result.value()));
        next[0] = judges ? result.value() : memory.length == 0 ? Double.NaN : memory[0];
        next[1] = epoch != null ? epoch.getEpoch() : judges || memory.length == 0 ? signals.evaluated() : memory[1];
        next[2] = signals.attempt();
        return judges
                ? new Look(next, reading(result.value()), stands(signals, memory, result.events()))
                : Look.none(next);
    }

    private static boolean isOld(Epoch epoch, Signals signals, double[] memory) {
        return memory.length > 0
                && (signals.attempt() < memory[2] || (signals.attempt() == memory[2] && epoch.getEpoch() <= memory[1]));
    }

    private static int epochOf(Signals signals) {
        return signals.iterationsPerEpoch() > 0 ? signals.iterationsPerEpoch() : Span.EPOCH_OF_UNKNOWN_LENGTH;
    }

    /** Iterations that a reading of so many events stands for. */
    private int stands(Signals signals, double[] memory, int events) {
        if (measure.per() == Per.EPOCH) {
            return (int) Math.min(Integer.MAX_VALUE, (long) events * epochOf(signals));
        }
        if (measure.sampled()) {
            return memory.length == 0
                    ? events
                    : (int) Math.max(1, Math.min(Integer.MAX_VALUE, signals.evaluated() - memory[1]));
        }
        return events;
    }

    private Reading reading(double value) {
        boolean holds = holds(when, value);
        Severity level = critical != null && critical.test(value) ? CRITICAL : holds ? severity : SEVERITY_UNSPECIFIED;
        boolean gone = clear == null || clear.test(value);
        return new Reading(level, level == SEVERITY_UNSPECIFIED && gone);
    }

    private boolean holds(Comparison comparison, double value) {
        return (comparison.isOfKind() && measure.hasLayers()) ? value > 0 : comparison.test(value);
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity at) {
        Seen seen = see(signals);
        if (seen == null || memory.length == 0) {
            return Finding.NONE;
        }
        Comparison held = at == CRITICAL && critical != null ? critical : when;
        List<Integer> concerned = concerned(seen, held);
        String first = concerned.isEmpty() ? "" : nameOf(signals, concerned.get(0));
        Map<String, Double> inputs = new LinkedHashMap<>();
        inputs.put("value", memory[0]);
        if (measure.hasLayers()) {
            inputs.put("layers_looked_at", (double) seen.indices.length);
            if (window.function() != Window.Function.LAST) {
                inputs.put("value_now", now(seen));
            }
        }
        return Finding.ofLayers(
                weightLayers(signals, concerned),
                message == null
                        ? standardMessage(memory[0], held, first)
                        : message.with(values(signals, memory[0], held, concerned, seen.indices.length, first)),
                inputs,
                description().parameters());
    }

    private Map<String, String> values(
            Signals signals, double value, Comparison held, List<Integer> concerned, int looked, String first) {
        Iteration iteration = signals.iteration();
        Epoch epoch = signals.epoch();
        Map<String, String> values = new LinkedHashMap<>();
        values.put("value", Texts.show(value));
        values.put("threshold", held.isOfKind() ? held.inWords() : Texts.show(held.threshold()));
        values.put("metric", measure.name());
        values.put("rule", name);
        values.put("run", signals.run().getName());
        values.put(
                "iteration",
                iteration != null
                        ? Long.toString(iteration.getIteration())
                        : epoch == null ? "" : Long.toString(epoch.getIteration()));
        values.put(
                "epoch",
                iteration != null
                        ? Integer.toUnsignedString(iteration.getEpoch() + 1)
                        : epoch == null ? "" : Integer.toUnsignedString(epoch.getEpoch() + 1));
        values.put("layer", first.isEmpty() ? "no single layer" : first);
        values.put("layers", Integer.toString(concerned.size()));
        values.put("of_layers", Integer.toString(looked));
        return values;
    }

    private String standardMessage(double value, Comparison held, String first) {
        String subject = subject();
        if (held.isOfKind()) {
            return measure.name() + " is " + held.inWords()
                    + (measure.hasLayers() ? " in " + Texts.show(value) + " layers, first in " + first : "") + ".";
        }
        return Character.toUpperCase(subject.charAt(0)) + subject.substring(1) + " is " + Texts.show(value) + ", "
                + held.inWords() + (first.isEmpty() ? "" : ": " + first) + ".";
    }

    /** By their index in the metric, ascending. */
    private List<Integer> concerned(Seen seen, Comparison held) {
        List<Integer> some = new ArrayList<>();
        if (seen.indices.length == 0) {
            return some;
        }
        double extreme =
                aggregate != null && (aggregate.kind() == Aggregate.Kind.MIN || aggregate.kind() == Aggregate.Kind.MAX)
                        ? aggregate.of(seen.values)
                        : Double.NaN;
        for (int i = 0; i < seen.values.length; i++) {
            boolean concerns;
            if (!Double.isNaN(extreme)) {
                concerns = some.isEmpty() && seen.values[i] == extreme;
            } else if (aggregate != null && aggregate.isShare()) {
                concerns = aggregate.counts(seen.values[i]);
            } else {
                concerns = held.test(seen.values[i]);
            }
            if (concerns) {
                some.add(seen.indices[i]);
            }
        }
        return some;
    }

    private String nameOf(Signals signals, int index) {
        return measure.per() == Per.LAYER ? signals.layerName(index) : signals.batchNormName(index);
    }

    private List<Integer> weightLayers(Signals signals, List<Integer> indices) {
        if (measure.per() == Per.LAYER) {
            return indices;
        }
        return indices.stream()
                .filter(i -> i < signals.run().getBatchNormsCount())
                .map(i -> signals.run().getBatchNorms(i).getLayer())
                .filter(l -> l >= 0)
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        String subject = subject();
        double value = memory.length == 0 ? Double.NaN : memory[0];
        if (when.isOfKind()) {
            return measure.name() + " is not " + when.inWords() + " any more.";
        }
        return Character.toUpperCase(subject.charAt(0)) + subject.substring(1) + " is " + Texts.show(value) + ".";
    }
}
