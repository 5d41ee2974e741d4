package io.gradwatch.telemetry.backtest;

import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.rules.peers.PeerRules;
import java.util.Map;

/** Where the rules of a back-test come from. */
@FunctionalInterface
public interface RuleSource {
    /**
     * The rules, ready to judge.
     *
     * @throws IllegalArgumentException they cannot be read; the message says what is wrong, where, and what is accepted
     */
    RuleEngine engine();

    /** The rules that judge live. */
    static RuleSource standard() {
        return RuleEngine::standard;
    }

    /** The rules of other tools. */
    static RuleSource peers() {
        return PeerRules::engine;
    }

    /**
     * The rules that judge live, some of them with other parameters.
     *
     * @param changes by rule, then by parameter as {@code GET /rules} names it
     */
    static RuleSource changed(Map<String, Map<String, Double>> changes) {
        return () -> RuleEngine.standardWith(changes);
    }
}
