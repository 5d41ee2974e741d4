package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.INFO;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Steps are far too large or too small for the weights that they change. The median over the main path, because single
 * layers differ; with Adam it says nothing of gradients between 1e-8 and 1e-4, whose size Adam takes out.
 *
 * @param most norm of update / norm of weights above which steps are large
 * @param least below which they are small
 * @param clearMost and {@code clearLeast}: between them it is gone
 * @param gross factor beyond the limits from which it is a warning
 */
record UpdateRatio(
        int version, double most, double least, double clearMost, double clearLeast, double gross, Timing timing)
        implements Rule {
    static final UpdateRatio STANDARD = new UpdateRatio(1, 0.1, 1e-6, 0.05, 3e-6, 10, new Timing(100, 200, 100));

    @Override
    public String name() {
        return "update-ratio";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                WARNING,
                "Steps are too large (above a tenth of the weights) or too small (below a millionth), as median over the"
                        + " layers; ten times beyond it is a warning.",
                new Named()
                        .with("most", most)
                        .with("least", least)
                        .with("clear_most", clearMost)
                        .with("clear_least", clearLeast)
                        .with("warning_factor", gross)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("step-size");
    }

    @Override
    public Rule with(Parameters p) {
        return new UpdateRatio(
                version,
                p.number("most", most),
                p.number("least", least),
                p.number("clear_most", clearMost),
                p.number("clear_least", clearLeast),
                p.number("warning_factor", gross),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.VANISHED;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        double median = median(signals);
        if (Double.isNaN(median) || signals.evaluated() <= timing.warmUpIterations()) {
            return Look.none(memory);
        }
        Severity level = median > most * gross || median < least / gross
                ? WARNING
                : median > most || median < least ? INFO : SEVERITY_UNSPECIFIED;
        return Look.of(new Reading(level, median < clearMost && median > clearLeast));
    }

    /** Over the main-path layers of which it is measured; NaN without any. */
    static double median(Signals signals) {
        Iteration iteration = signals.iteration();
        if (iteration == null) {
            return Double.NaN;
        }
        LayerStatistics s = iteration.getLayers();
        return Robust.median(IntStream.range(0, s.getUpdateRatioCount())
                .filter(l -> l >= signals.run().getLayersCount()
                        || signals.run().getLayers(l).getMainPath())
                .mapToDouble(s::getUpdateRatio)
                .filter(Double::isFinite)
                .toArray());
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        double median = median(signals);
        String size = Words.magnitude(Math.log10(median));
        return Finding.ofRun(
                median > most
                        ? "Steps are too large: an update changes a layer's weights by " + size
                                + " of their norm (median). A smaller learning rate is due."
                        : "Steps are too small: an update changes a layer's weights by " + size
                                + " of their norm (median). Nothing is being learnt.",
                new Named().with("median_update_ratio", median).map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return "An update changes a layer's weights by " + Words.magnitude(Math.log10(median(signals)))
                + " of their norm (median).";
    }
}
