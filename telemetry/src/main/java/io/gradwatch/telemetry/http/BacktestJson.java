package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.backtest.BacktestReport;
import io.gradwatch.telemetry.backtest.Difference;
import io.gradwatch.telemetry.backtest.Evident;
import io.gradwatch.telemetry.backtest.RuleVerdict;
import io.gradwatch.telemetry.backtest.RunVerdict;
import io.gradwatch.telemetry.backtest.Score;
import io.gradwatch.telemetry.history.AlertHistory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The answer of a back-test. */
final class BacktestJson {
    private BacktestJson() {}

    /** @param transitions whether with every transition */
    static JsonObject report(BacktestReport report, boolean transitions) {
        JsonArray rules = new JsonArray();
        report.scores().forEach(score -> rules.add(score(score)));
        JsonArray runs = new JsonArray();
        report.runs().forEach(run -> runs.add(run(run, transitions)));
        JsonArray differences = new JsonArray();
        report.differences().forEach(difference -> differences.add(difference(difference)));
        return new JsonObject()
                .put("rules", rules)
                .put("runs", runs)
                .put("differences", report.compared() ? differences : null);
    }

    private static JsonObject score(Score score) {
        return new JsonObject()
                .put("rule", score.rule().rule())
                .put("version", score.rule().version())
                .put(
                        "catches",
                        RunJson.array(score.rule().catches().stream().sorted().toList()))
                .put("caught", score.caught())
                .put("missed", score.missed())
                .put("falseAlarms", score.falseAlarms())
                .put("quiet", score.quiet())
                .put("beside", score.beside())
                .put("precision", number(score.precision()))
                .put("recall", number(score.recall()))
                .put("medianLead", lead(score.medianLead()))
                .put("leastLead", lead(score.leastLead()));
    }

    private static @Nullable JsonObject lead(Optional<Evident.Lead> lead) {
        return lead.map(l -> new JsonObject().put("iterations", l.iterations()).put("atLeast", l.atLeast()))
                .orElse(null);
    }

    private static JsonObject run(RunVerdict run, boolean transitions) {
        JsonArray firings = new JsonArray();
        JsonArray all = new JsonArray();
        for (RuleVerdict rule : run.rules()) {
            rule.first()
                    .ifPresent(first -> firings.add(step(first)
                            .put("rule", rule.rule())
                            .put("version", rule.version())
                            .put("worst", rule.worst().map(BacktestJson::word).orElse(null))
                            .put("times", rule.firings().size())));
            rule.transitions().forEach(t -> all.add(transition(t)));
        }
        JsonObject json = new JsonObject()
                .put("id", run.runId())
                .put("name", run.name())
                .put("labels", RunJson.array(run.sortedLabels()))
                .put("iterations", run.iterations())
                .put(
                        "evident",
                        new JsonObject()
                                .put("nonFinite", number(run.evident().nonFinite()))
                                .put("large", number(run.evident().large()))
                                .put("chance", number(run.evident().chance())))
                .put("firings", firings);
        return transitions ? json.put("transitions", all) : json;
    }

    private static JsonObject transition(RuleVerdict.Step step) {
        return step(step)
                .put("rule", step.alert().getRule())
                .put("alert", step.alert().getAlertId())
                .put("state", AlertHistory.label(step.alert().getState()))
                .put("message", step.alert().getMessage());
    }

    private static JsonObject step(RuleVerdict.Step step) {
        return new JsonObject()
                .put("iteration", step.iteration())
                .put("epoch", step.epoch())
                .put("attempt", step.attempt())
                .put("severity", word(step.alert().getSeverity()));
    }

    private static JsonObject difference(Difference d) {
        RuleVerdict.Step was = d.was();
        RuleVerdict.Step is = d.is();
        return new JsonObject()
                .put("run", d.runId())
                .put("name", d.name())
                .put("rule", d.rule())
                .put("kind", word(d.kind()))
                .put("by", d.by())
                .put("was", was == null ? null : step(was))
                .put("is", is == null ? null : step(is));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Long number(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
