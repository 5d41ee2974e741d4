package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;
import static io.gradwatch.contract.v1.Alert.Severity.WARNING;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A batch normalisation no longer normalises: its running variance has collapsed or exploded, its γ have died, or the
 * batches are not what the running averages say, so that evaluation will differ from training.
 *
 * @param leastVariance mean running variance below which it has collapsed
 * @param mostVariance mean running variance above which it has exploded
 * @param leastGamma all |γ| below this are dead
 * @param drift mean over channels of |batch mean − running mean| in running standard deviations
 * @param varianceRatio batch to running variance, or the reverse, above which they disagree
 * @param clearFactor of the limits within which it is well again
 */
record BatchNormHealth(
        int version,
        double leastVariance,
        double mostVariance,
        double leastGamma,
        double drift,
        double varianceRatio,
        double clearFactor,
        Timing timing)
        implements Rule {
    static final BatchNormHealth STANDARD =
            new BatchNormHealth(1, 1e-6, 1e4, 1e-3, 3, 10, 2, new Timing(100, 200, 500));

    @Override
    public String name() {
        return "batch-norm-health";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                WARNING,
                "A batch normalisation's running variance has collapsed or exploded, its γ are all near zero, or its batches"
                        + " differ from its running averages: evaluation will differ from training.",
                new Named()
                        .with("least_running_variance", leastVariance)
                        .with("most_running_variance", mostVariance)
                        .with("least_gamma", leastGamma)
                        .with("drift", drift)
                        .with("variance_ratio", varianceRatio)
                        .with("clear_factor", clearFactor)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("batch-norm");
    }

    @Override
    public Rule with(Parameters p) {
        return new BatchNormHealth(
                version,
                p.number("least_running_variance", leastVariance),
                p.number("most_running_variance", mostVariance),
                p.number("least_gamma", leastGamma),
                p.number("drift", drift),
                p.number("variance_ratio", varianceRatio),
                p.number("clear_factor", clearFactor),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.NON_FINITE;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        if (signals.iteration() == null
                || !signals.iteration().hasBatchNorms()
                || signals.evaluated() <= timing.warmUpIterations()) {
            return Look.none(memory);
        }
        BatchNormStatistics s = signals.iteration().getBatchNorms();
        Severity level = ill(s, 1).isEmpty() ? SEVERITY_UNSPECIFIED : WARNING;
        return Look.of(new Reading(
                level, level == SEVERITY_UNSPECIFIED && ill(s, clearFactor).isEmpty()));
    }

    private record Illness(int bn, String what) {}

    /** @param factor by which the limits are drawn in */
    private List<Illness> ill(BatchNormStatistics s, double factor) {
        List<Illness> ill = new ArrayList<>(0);
        int bns = Math.max(s.getRunningVariance().getMeanCount(), s.getDriftCount());
        for (int b = 0; b < bns; b++) {
            String what = illness(s, b, factor);
            if (what != null) {
                ill.add(new Illness(b, what));
            }
        }
        return ill;
    }

    private @Nullable String illness(BatchNormStatistics s, int bn, double factor) {
        double variance = mean(s.getRunningVariance(), bn);
        if (variance < leastVariance * factor) {
            return "its running variance has collapsed";
        }
        if (variance > mostVariance / factor) {
            return "its running variance has exploded";
        }
        Summary gamma = s.getGamma();
        if (bn < gamma.getMinCount()
                && bn < gamma.getMaxCount()
                && Math.max(Math.abs(gamma.getMin(bn)), Math.abs(gamma.getMax(bn))) < leastGamma * factor) {
            return "all its γ are near zero";
        }
        if (bn < s.getDriftCount() && s.getDrift(bn) > drift / factor) {
            return "its batch means are far from the running means";
        }
        double ratio = mean(s.getBatchVariance(), bn) / variance;
        if (ratio > varianceRatio / factor || ratio < factor / varianceRatio) {
            return "its batch variances are far from the running ones";
        }
        return null;
    }

    private static double mean(Summary summary, int bn) {
        return bn < summary.getMeanCount() ? summary.getMean(bn) : Double.NaN;
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        BatchNormStatistics s = signals.iteration() == null
                ? BatchNormStatistics.getDefaultInstance()
                : signals.iteration().getBatchNorms();
        List<Illness> ill = ill(s, 1);
        if (ill.isEmpty()) {
            return Finding.NONE;
        }
        Illness first = ill.get(0);
        String message = ill.size() == 1
                ? "Batch normalisation " + signals.batchNormName(first.bn()) + ": " + first.what() + "."
                : ill.size() + " batch normalisations are not well; " + signals.batchNormName(first.bn()) + ": "
                        + first.what() + ".";
        List<Integer> layers = ill.stream()
                .filter(i -> i.bn() < signals.run().getBatchNormsCount()
                        && signals.run().getBatchNorms(i.bn()).getLayer() >= 0)
                .map(i -> signals.run().getBatchNorms(i.bn()).getLayer())
                .distinct()
                .sorted()
                .toList();
        return Finding.ofLayers(
                layers,
                message,
                new Named().with("batch_norms", ill.size()).map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return "All batch normalisations are well again.";
    }
}
