package io.gradwatch.telemetry;

import io.gradwatch.telemetry.control.ActionPolicy;
import io.gradwatch.telemetry.control.ControlAction;
import io.gradwatch.telemetry.rules.user.RuleSet;
import java.util.Optional;
import java.util.stream.Stream;

/** What a rule file asks to be done, as the policy that does it. */
final class ActionsOfRules {
    private ActionsOfRules() {}

    static ActionPolicy of(RuleSet rules) {
        return new ActionPolicy(
                rules.entries().stream().flatMap(ActionsOfRules::entry).toList());
    }

    private static Stream<ActionPolicy.Entry> entry(RuleSet.Entry rule) {
        return rule.action().stream()
                .flatMap(action -> ControlAction.parse(action.text()).stream()
                        .map(control -> new ActionPolicy.Entry(
                                rule.description().rule(), Optional.empty(), control, action.dryRun())));
    }
}
