package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.control.ControlAction;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What {@code POST /runs/{id}/commands} asks for. Pure.
 *
 * @param timeout how long the trainer has to obey
 * @param key makes several requests one; empty: each is one of its own
 */
record CommandRequest(ControlAction action, Duration timeout, Optional<String> key, String issuedBy, String reason) {
    static final int DEFAULT_TIMEOUT_SECONDS = 30;
    static final int MOST_TIMEOUT_SECONDS = 3_600;
    static final int MOST_TEXT = 500;
    static final int MOST_WHO = 100;

    private static final List<String> FIELDS =
            List.of("action", "learningRate", "factor", "timeoutSeconds", "idempotencyKey", "issuedBy", "reason");
    private static final String KEY_FORM = "1 to 64 letters, digits, dots, underscores and hyphens";
    private static final String RATE = "a number above 0";

    /**
     * Reads a body.
     *
     * @throws ApiProblem that names the field and what is accepted
     */
    static CommandRequest read(byte[] body) {
        String all = String.join(", ", FIELDS);
        JsonObject json;
        try {
            json = new JsonObject(new String(body, StandardCharsets.UTF_8));
        } catch (DecodeException | ClassCastException e) {
            throw new ApiProblem(400, "the body is no JSON object; accepted is one with some of " + all, null, all);
        }
        for (String field : json.fieldNames()) {
            if (!FIELDS.contains(field)) {
                String shown = field.length() <= 60 ? field : field.substring(0, 60) + "…";
                throw new ApiProblem(400, "there is no field \"" + shown + "\"; accepted is " + all, shown, all);
            }
        }
        return new CommandRequest(
                action(json),
                Duration.ofSeconds(timeout(json)),
                key(json),
                text(json, "issuedBy", MOST_WHO).orElse("the API"),
                text(json, "reason", MOST_TEXT).orElse(""));
    }

    private static ControlAction action(JsonObject json) {
        String accepted = "one of " + String.join(", ", ControlAction.Kind.labels());
        if (!(json.getValue("action") instanceof String word)) {
            throw new ApiProblem(400, "action is missing, or no text; accepted is " + accepted, "action", accepted);
        }
        ControlAction.Kind kind =
                ControlAction.Kind.of(word).orElseThrow(() -> ApiProblem.badValue("action", word, accepted));
        OptionalDouble rate = number(json, "learningRate");
        OptionalDouble factor = number(json, "factor");
        if (kind != ControlAction.Kind.LEARNING_RATE) {
            refuse(rate, "learningRate", word);
            refuse(factor, "factor", word);
            return ControlAction.of(kind);
        }
        if (rate.isPresent() == factor.isPresent()) {
            String one = "either learningRate or factor";
            throw new ApiProblem(
                    400,
                    "learningRate and factor are " + (rate.isPresent() ? "both given" : "missing") + "; accepted is "
                            + one,
                    "learningRate",
                    one);
        }
        return rate.isPresent()
                ? ControlAction.learningRate(rate.getAsDouble())
                : ControlAction.learningRateTimes(factor.getAsDouble());
    }

    private static void refuse(OptionalDouble given, String field, String action) {
        if (given.isPresent()) {
            String accepted = "none with the action " + action;
            throw new ApiProblem(400, field + " is given; accepted is " + accepted, field, accepted);
        }
    }

    private static OptionalDouble number(JsonObject json, String field) {
        Object value = json.getValue(field);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (value instanceof Number n && n.doubleValue() > 0 && Double.isFinite(n.doubleValue())) {
            return OptionalDouble.of(n.doubleValue());
        }
        throw ApiProblem.badValue(field, String.valueOf(value), RATE);
    }

    private static int timeout(JsonObject json) {
        Object value = json.getValue("timeoutSeconds");
        if (value == null) {
            return DEFAULT_TIMEOUT_SECONDS;
        }
        if (value instanceof Integer n && n >= 1 && n <= MOST_TIMEOUT_SECONDS) {
            return n;
        }
        throw ApiProblem.badValue(
                "timeoutSeconds", String.valueOf(value), "a whole number from 1 to " + MOST_TIMEOUT_SECONDS);
    }

    private static Optional<String> key(JsonObject json) {
        Object value = json.getValue("idempotencyKey");
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String key && key.matches("[A-Za-z0-9._-]{1,64}")) {
            return Optional.of(key);
        }
        throw ApiProblem.badValue("idempotencyKey", String.valueOf(value), KEY_FORM);
    }

    private static Optional<String> text(JsonObject json, String field, int most) {
        Object value = json.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        String accepted = "a text of 1 to " + most + " characters, without control characters";
        if (value instanceof String text
                && !text.isBlank()
                && text.length() <= most
                && text.chars().noneMatch(Character::isISOControl)) {
            return Optional.of(text.strip());
        }
        throw ApiProblem.badValue(field, String.valueOf(value), accepted);
    }
}
