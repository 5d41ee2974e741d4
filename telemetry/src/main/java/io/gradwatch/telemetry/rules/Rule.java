package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert.Severity;

/** One rule with its parameters. Pure. */
sealed interface Rule permits VanishFloor, VanishDepth {
    /** As in alerts and in {@code GET /rules}. */
    String name();

    /** Grows whenever the meaning or a parameter changes. */
    int version();

    Timing timing();

    RuleDescription description();

    /** Judges one iteration. {@code profile} has at least one layer. */
    Reading read(DepthProfile profile);

    /** Says why, for a transition at {@code severity}. */
    Finding explain(DepthProfile profile, Severity severity);

    /** One sentence on the same figures when the condition is gone. */
    String relief(DepthProfile profile);
}
