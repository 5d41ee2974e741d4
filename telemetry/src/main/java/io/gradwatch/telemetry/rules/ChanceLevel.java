package io.gradwatch.telemetry.rules;

import static io.gradwatch.contract.v1.Alert.Severity.CRITICAL;
import static io.gradwatch.contract.v1.Alert.Severity.SEVERITY_UNSPECIFIED;

import io.gradwatch.contract.v1.Alert.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A classifier is no better than guessing: its loss is ln C, that of the uniform answer. Every network begins so: it is not
 * judged before it has seen its images once. When its gradient vanishes too, that one epoch is proof enough.
 *
 * @param lossShare of ln C from which the loss counts as that of guessing
 * @param accuracyFactor times 1/C, up to which the accuracy does
 * @param clearShare of ln C below which it is gone
 * @param after of the run before which nothing is judged
 * @param withVanishing how long it must hold while a vanishing rule fires
 */
record ChanceLevel(
        int version,
        double lossShare,
        double accuracyFactor,
        double clearShare,
        Span after,
        Span withVanishing,
        Timing timing)
        implements Rule {
    static final ChanceLevel STANDARD = new ChanceLevel(
            1,
            0.98,
            2,
            0.95,
            Span.epochs(1),
            Span.iterations(1),
            new Timing(Span.epochs(2), Span.iterations(200), 100));

    @Override
    public String name() {
        return "chance-level";
    }

    @Override
    public Timing timing(Signals signals) {
        boolean vanished =
                signals.firing().contains("vanish-floor") || signals.firing().contains("vanish-depth");
        return vanished ? new Timing(withVanishing, timing.keepSpan(), timing.warmUpIterations()) : timing;
    }

    @Override
    public RuleDescription description() {
        return new RuleDescription(
                name(),
                version,
                CRITICAL,
                "A classifier is no better than guessing: loss at ln C and accuracy at 1/C for two epochs after its first, or"
                        + " at the end of the first while the gradient vanishes. Not for runs that are no classifiers.",
                new Named()
                        .with("loss_share_of_ln_classes", lossShare)
                        .with("accuracy_times_classes", accuracyFactor)
                        .with("clear_share_of_ln_classes", clearShare)
                        .with("half_life_of_loss_iterations", Trace.HALF_LIFE)
                        .with("after_" + after.unitName(), after.amount())
                        .with("for_" + withVanishing.unitName() + "_with_vanishing", withVanishing.amount())
                        .with(timing)
                        .map());
    }

    @Override
    public Set<String> catches() {
        return Set.of("chance-level");
    }

    @Override
    public Rule with(Parameters p) {
        return new ChanceLevel(
                version,
                p.number("loss_share_of_ln_classes", lossShare),
                p.number("accuracy_times_classes", accuracyFactor),
                p.number("clear_share_of_ln_classes", clearShare),
                p.span("after_", "", after),
                p.span("for_", "_with_vanishing", withVanishing),
                p.timing(timing));
    }

    @Override
    public List<String> inhibitors() {
        return StandardRules.NON_FINITE;
    }

    @Override
    public Look look(Signals signals, double[] memory, boolean open) {
        int classes = signals.run().getClasses();
        double loss = signals.trace().loss();
        if (signals.iteration() == null
                || classes < 2
                || Double.isNaN(loss)
                || !after.isOver(signals.evaluated() - 1, 0, signals.iterationsPerEpoch())) {
            return Look.none(memory);
        }
        double guessing = Math.log(classes);
        double accuracy = signals.trace().accuracy();
        boolean guesses =
                loss >= lossShare * guessing && (Double.isNaN(accuracy) || accuracy <= accuracyFactor / classes);
        return Look.of(new Reading(guesses ? CRITICAL : SEVERITY_UNSPECIFIED, loss < clearShare * guessing));
    }

    @Override
    public Finding explain(Signals signals, double[] memory, Severity severity) {
        int classes = signals.run().getClasses();
        double loss = signals.trace().loss();
        double accuracy = signals.trace().accuracy();
        String message = String.format(
                Locale.ROOT,
                "The network guesses: its loss of %.3f is that of the uniform answer (ln %d = %.3f)%s.",
                loss,
                classes,
                Math.log(classes),
                Double.isNaN(accuracy) ? "" : String.format(Locale.ROOT, ", its accuracy %.1f %%", 100 * accuracy));
        return Finding.ofRun(
                message,
                new Named()
                        .with("loss", loss)
                        .with("accuracy", accuracy)
                        .with("ln_classes", Math.log(classes))
                        .map(),
                description().parameters());
    }

    @Override
    public String relief(Signals signals, double[] memory) {
        return String.format(
                Locale.ROOT,
                "The loss is %.3f, that of guessing %.3f.",
                signals.trace().loss(),
                Math.log(signals.run().getClasses()));
    }
}
