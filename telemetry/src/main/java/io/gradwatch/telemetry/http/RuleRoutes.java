package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.backtest.RuleSource;
import io.gradwatch.telemetry.rulefile.RulesInForce;
import io.gradwatch.telemetry.rules.user.Problem;
import io.gradwatch.telemetry.rules.user.RuleFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /rules} and {@code /rules/validate}. */
final class RuleRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(RuleRoutes.class);
    /** Not text/plain: a page of another origin could send that without asking first. */
    private static final Set<String> YAML =
            Set.of("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml");

    private final RulesInForce rules;
    private final Questions questions;

    RuleRoutes(RulesInForce rules, Questions questions) {
        this.rules = rules;
        this.questions = questions;
    }

    void list(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        questions.answer(ctx, () -> Answer.json(RulesJson.rules(rules)));
    }

    /** Puts the body in place of the file, and in force. */
    void put(RoutingContext ctx) {
        String text = text(ctx);
        questions.answer(ctx, () -> {
            refuse(store(text));
            return Answer.json(RulesJson.rules(rules));
        });
    }

    private List<Problem> store(String text) {
        try {
            return rules.put(text);
        } catch (IOException e) {
            LOG.warn("The rule file {} cannot be written: {}", rules.status().file(), e.toString());
            throw new ApiProblem(
                    507,
                    "the rule file " + rules.status().file() + " cannot be written: " + e.getMessage()
                            + "; the rules in force stay",
                    null,
                    null);
        }
    }

    void validate(RoutingContext ctx) {
        String text = text(ctx);
        questions.answer(ctx, () -> {
            refuse(rules.check(text));
            return Answer.json(new JsonObject().put("valid", true));
        });
    }

    /** Rules of a text, for back-tests; one with mistakes is refused with all of them. */
    static RuleSource written(String text) {
        RuleFile file = RuleFile.read("rules.yaml", text);
        if (file instanceof RuleFile.Valid valid) {
            return () -> valid.rules().engine();
        }
        throw ApiProblem.badRules(((RuleFile.Malformed) file).problems());
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw ApiProblem.badRules(problems);
        }
    }

    private static String text(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String type = String.valueOf(ctx.request().getHeader("Content-Type"));
        if (!YAML.contains(type.split(";", -1)[0].strip().toLowerCase(Locale.ROOT))) {
            throw new ApiProblem(
                    415,
                    "Content-Type is " + type + "; accepted is application/yaml",
                    "Content-Type",
                    "application/yaml");
        }
        Buffer body = ctx.body().buffer();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body == null ? new byte[0] : body.getBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ApiProblem(400, "the body is not UTF-8; accepted is YAML in UTF-8", "body", "YAML in UTF-8");
        }
    }
}
