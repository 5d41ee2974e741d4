package io.gradwatch.telemetry.rules.peers;

import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.Signals;
import io.gradwatch.telemetry.rules.peers.Formula.Answer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * BTTackler's VG and EG. As shipped it judges once an epoch in the first half of them, here by the epoch's last iteration; its
 * guard, that the best tenth of the trials of a search is never flagged, has no meaning for single runs.
 */
final class BtTackler {
    private static final double SMALL_MEDIAN = 1e-5;
    private static final double SMALL_QUOTIENT = 1e-4;
    private static final double LARGE_MEDIAN = 1e4;
    private static final double LARGE_QUOTIENT = 1e3;

    private static final String SHIPPED = " Judged once an epoch in the first half of them.";
    private static final String LIVE = " Judged every iteration.";
    private static final String VG =
            "VG: over the layers, the median of mean |g| is below 1e-5, or one is zero, or the median"
                    + " quotient of neighbours g[l] / g[l+1] is below 1e-4.";
    private static final String EG =
            "EG: over the layers, the median of mean |g| is above 1e4, or the median quotient of neighbours above 1e3.";
    private static final Moment EPOCHS = Moment.lastOfEpoch(1, 0, 0.5);

    static final List<Rule> RULES = List.of(
            new PeerRule("bttackler-vg", Set.of("vanishing"), VG + SHIPPED, small(), EPOCHS, BtTackler::vanishing),
            new PeerRule(
                    "bttackler-vg-every-iteration",
                    Set.of("vanishing"),
                    VG + LIVE,
                    small(),
                    Moment.everyIteration(),
                    BtTackler::vanishing),
            new PeerRule(
                    "bttackler-eg", Set.of("exploding", "nan"), EG + SHIPPED, large(), EPOCHS, BtTackler::exploding),
            new PeerRule(
                    "bttackler-eg-every-iteration",
                    Set.of("exploding", "nan"),
                    EG + LIVE,
                    large(),
                    Moment.everyIteration(),
                    BtTackler::exploding));

    private BtTackler() {}

    private static Map<String, Double> small() {
        return Map.of("median", SMALL_MEDIAN, "quotient", SMALL_QUOTIENT);
    }

    private static Map<String, Double> large() {
        return Map.of("median", LARGE_MEDIAN, "quotient", LARGE_QUOTIENT);
    }

    private static Answer vanishing(Signals signals, double[] memory) {
        double[] g = Gradients.meanAbs(signals);
        if (g.length < 2) {
            return Answer.nothing();
        }
        double median = Gradients.median(g);
        boolean zero = Arrays.stream(g).anyMatch(v -> v == 0);
        return Answer.of(median < SMALL_MEDIAN || zero || quotient(g) < SMALL_QUOTIENT, median);
    }

    private static Answer exploding(Signals signals, double[] memory) {
        double[] g = Gradients.meanAbs(signals);
        if (g.length < 2) {
            return Answer.nothing();
        }
        double median = Gradients.median(g);
        return Answer.of(median > LARGE_MEDIAN || quotient(g) > LARGE_QUOTIENT, median);
    }

    /** The median quotient of neighbours. */
    private static double quotient(double[] g) {
        double[] quotients = new double[g.length - 1];
        for (int l = 0; l < quotients.length; l++) {
            quotients[l] = g[l] / g[l + 1];
        }
        return Gradients.median(quotients);
    }
}
