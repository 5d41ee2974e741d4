package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.control.ControlAction;
import io.vertx.core.json.JsonObject;
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
        JsonObject json = JsonBody.read(body, FIELDS);
        return new CommandRequest(
                action(json),
                Duration.ofSeconds(timeout(json)),
                key(json),
                JsonBody.text(json, "issuedBy", MOST_WHO).orElse("the API"),
                JsonBody.text(json, "reason", MOST_TEXT).orElse(""));
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
}
