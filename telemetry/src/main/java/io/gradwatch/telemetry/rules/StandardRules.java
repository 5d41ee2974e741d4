package io.gradwatch.telemetry.rules;

import java.util.List;

/** The rules with their standard parameters. A rule that explains others comes before them. */
final class StandardRules {
    static final List<Rule> ALL = List.of(
            NonFinite.STANDARD,
            VanishFloor.STANDARD,
            VanishDepth.STANDARD,
            SlopeTrend.STANDARD,
            Collapse.STANDARD,
            Explode.STANDARD,
            ChanceLevel.STANDARD,
            OneSidedUnits.STANDARD,
            BatchNormHealth.STANDARD,
            UpdateRatio.STANDARD,
            Plateau.STANDARD,
            Divergence.STANDARD,
            Overfit.STANDARD,
            TelemetryLoss.STANDARD,
            SilentRun.STANDARD);

    /** What explains everything else. */
    static final List<String> NON_FINITE = List.of("nan-inf");

    /** What explains that a network does not learn. */
    static final List<String> VANISHED = List.of("nan-inf", "vanish-floor", "vanish-depth");

    private StandardRules() {}
}
