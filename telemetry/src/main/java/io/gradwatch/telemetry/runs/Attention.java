package io.gradwatch.telemetry.runs;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.AlertAcknowledgement;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.Silence;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What people have said about the alerts of a run: that they have seen one, or that they do not want to hear of a rule for a
 * while. Neither changes what an alert is; both change who is told. Immutable, pure.
 */
public final class Attention {
    private final RunAnnotation annotation;

    private Attention(RunAnnotation annotation) {
        this.annotation = annotation;
    }

    /** What an annotation says; null: nothing. */
    public static Attention of(@Nullable RunAnnotation annotation) {
        return new Attention(annotation == null ? RunAnnotation.getDefaultInstance() : annotation);
    }

    /** Who has seen an alert; empty: nobody. */
    public Optional<AlertAcknowledgement> acknowledged(String alertId) {
        return annotation.getAcknowledgedList().stream()
                .filter(a -> a.getAlertId().equals(alertId))
                .findFirst();
    }

    /**
     * The silence over a rule that ends last; empty: there is none at this time.
     *
     * @param atMs milliseconds since the epoch
     */
    public Optional<Silence> silenced(String rule, long atMs) {
        return annotation.getSilencesList().stream()
                .filter(s -> s.getRule().isEmpty() || s.getRule().equals(rule))
                .filter(s -> s.getUntilMs() > atMs)
                .max((a, b) -> Long.compare(a.getUntilMs(), b.getUntilMs()));
    }

    /** All silences, also those that are over. */
    public List<Silence> all() {
        return annotation.getSilencesList();
    }

    /**
     * Whether somebody is to be told of this transition: not under a silence, and of an acknowledged alert only when it has
     * got worse than it was when it was seen, or is over.
     *
     * @param atMs by the clock of who asks
     */
    public boolean isWanted(Alert transition, long atMs) {
        if (silenced(transition.getRule(), atMs).isPresent()) {
            return false;
        }
        return acknowledged(transition.getAlertId())
                .map(seen -> transition.getState() == Alert.State.RESOLVED
                        || (transition.getState() == Alert.State.FIRING
                                && transition.getSeverityValue() > seen.getSeverityValue()))
                .orElse(true);
    }

    /** The annotation after somebody has seen an alert; what was said of it before is replaced. */
    public RunAnnotation acknowledge(AlertAcknowledgement seen) {
        return withoutAcknowledgement(seen.getAlertId()).toBuilder()
                .addAcknowledged(seen)
                .build();
    }

    /** The annotation after that was taken back. */
    public RunAnnotation withoutAcknowledgement(String alertId) {
        RunAnnotation.Builder after = annotation.toBuilder().clearAcknowledged();
        annotation.getAcknowledgedList().stream()
                .filter(a -> !a.getAlertId().equals(alertId))
                .forEach(after::addAcknowledged);
        return after.build();
    }

    /** The annotation with this silence, in place of the one over the same rule; those that are over by then are left out. */
    public RunAnnotation silence(Silence silence) {
        return keeping(s -> !s.getRule().equals(silence.getRule()) && s.getUntilMs() > silence.getFromMs()).toBuilder()
                .addSilences(silence)
                .build();
    }

    /** The annotation without the silence over a rule; empty: the one over all rules. */
    public RunAnnotation withoutSilence(String rule) {
        return keeping(s -> !s.getRule().equals(rule));
    }

    private RunAnnotation keeping(Predicate<Silence> kept) {
        RunAnnotation.Builder after = annotation.toBuilder().clearSilences();
        annotation.getSilencesList().stream().filter(kept).forEach(after::addSilences);
        return after.build();
    }
}
