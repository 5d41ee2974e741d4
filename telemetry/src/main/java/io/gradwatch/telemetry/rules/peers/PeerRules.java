package io.gradwatch.telemetry.rules.peers;

import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.RuleEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of Amazon SageMaker Debugger, AutoTrainer (ICSE 2021) and BTTackler, with the parameters that they are shipped with.
 *
 * <p>Those that a tool judges now and then are there twice: at the moments at which it judges as shipped, and with
 * {@code -every-iteration}, which is how a live detector would have to use the formula. None of them has a hysteresis: an alert
 * fires at the first moment at which its formula holds and ends at the first at which it does not.
 */
public final class PeerRules {
    private PeerRules() {}

    /** All of them. */
    public static RuleEngine engine() {
        return RuleEngine.of(all());
    }

    static List<Rule> all() {
        List<Rule> rules = new ArrayList<>(SageMaker.RULES);
        rules.addAll(AutoTrainer.RULES);
        rules.addAll(BtTackler.RULES);
        return List.copyOf(rules);
    }
}
