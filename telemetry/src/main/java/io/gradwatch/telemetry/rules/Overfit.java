package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.INFO;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Epoch;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Training goes on, validation does not: the validation loss is well above the training loss and has not been at its best
 * for many epochs. Either alone is usual.
 *
 * <p>Memory: smoothed gap, best validation loss, its epoch, the last epoch, its attempt.
 *
 * @param gap validation loss / training loss − 1, smoothed, above which it is one
 * @param clearGap below which it is gone
 * @param staleEpochs since the best validation loss
 * @param weight of a new epoch in the smoothed gap, 0 to 1
 */
record Overfit(int version, double gap, double clearGap, int staleEpochs, double weight, Timing timing)
        implements Rule {
    static final Overfit STANDARD = new Overfit(1, 0.25, 0.15, 10, 0.3, new Timing(Span.epochs(5), Span.epochs(1), 0));

    @Override
    public String name() {
        return "overfit";
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                INFO,
                "The validation loss is a quarter above the training loss and was at its best ten epochs ago or more, for"
                        + " five epochs.",
                new Named()
                        .with("gap", gap)
                        .with("clear_gap", clearGap)
                        .with("stale_epochs", staleEpochs)
                        .with("weight_of_epoch", weight)
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("overfit");
    }

    @Override
    public Rule with(Parameters p) {
        return new Overfit(
                version,
                p.number("gap", gap),
                p.number("clear_gap", clearGap),
                p.whole("stale_epochs", staleEpochs),
                p.number("weight_of_epoch", weight),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.VANISHED;
    }

    @Override
    public boolean isJudgedByIterations() {
        return false;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        Epoch epoch = signals.epoch();
        if (epoch == null
                || !epoch.hasTrainLoss()
                || !epoch.hasValidationLoss()
                || !(epoch.getTrainLoss() > 0)
                || !Float.isFinite(epoch.getValidationLoss())
                || (memory.length > 0
                        && (signals.attempt() < memory[4]
                                || (signals.attempt() == memory[4] && epoch.getEpoch() <= memory[3])))) {
            return Look.none(memory);
        }
        double now = epoch.getValidationLoss() / epoch.getTrainLoss() - 1;
        double smoothed = memory.length == 0 ? now : memory[0] + weight * (now - memory[0]);
        boolean best = memory.length == 0 || epoch.getValidationLoss() < memory[1];
        double[] next = {
            smoothed,
            best ? epoch.getValidationLoss() : memory[1],
            best ? epoch.getEpoch() : memory[2],
            epoch.getEpoch(),
            signals.attempt()
        };
        boolean stale = next[3] - next[2] >= staleEpochs;
        Severity level = smoothed > gap && stale ? INFO : SEVERITY_UNSPECIFIED;
        int iterations = signals.iterationsPerEpoch() > 0 ? signals.iterationsPerEpoch() : Span.EPOCH_OF_UNKNOWN_LENGTH;
        return new Look(next, new Reading(level, best || smoothed < clearGap), iterations);
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        return Finding.ofRun(
                String.format(
                        Locale.ROOT,
                        "The network learns its training images by heart: validation loss %.0f %% above the training loss,"
                                + " at its best (%.3f) %.0f epochs ago, in epoch %.0f.",
                        100 * memory[0],
                        memory[1],
                        memory[3] - memory[2],
                        memory[2] + 1),
                new Named()
                        .with("gap", memory[0])
                        .with("best_validation_loss", memory[1])
                        .with("epochs_since_best", memory[3] - memory[2])
                        .map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return String.format(
                Locale.ROOT,
                "The validation loss is %.0f %% above the training loss, its best %.0f epochs ago.",
                100 * memory[0],
                memory[3] - memory[2]);
    }
}
