package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Silence;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Bodies of requests about who wants to hear of alerts. Pure. */
final class AttentionRequest {
    static final int MOST_WHO = 100;
    static final int MOST_TEXT = 500;
    static final int MOST_MINUTES = 527_040; // 366 days

    private static final String WHO = "the API";

    private AttentionRequest() {}

    /**
     * That somebody has seen an alert.
     *
     * @param note may be empty
     */
    record Seen(String by, String note) {
        /**
         * Reads a body; an empty one is "by the API".
         *
         * @throws ApiProblem that names the field and what is accepted
         */
        static Seen read(byte[] body) {
            if (body.length == 0) {
                return new Seen(WHO, "");
            }
            JsonObject json = JsonBody.read(body, List.of("by", "note"));
            return new Seen(
                    JsonBody.text(json, "by", MOST_WHO).orElse(WHO),
                    JsonBody.text(json, "note", MOST_TEXT).orElse(""));
        }
    }

    /**
     * Reads a silence.
     *
     * @param rules names of rules that there are
     * @param nowMs when it begins
     * @throws ApiProblem that names the field and what is accepted
     */
    static Silence silence(byte[] body, List<String> rules, long nowMs) {
        JsonObject json = JsonBody.read(body, List.of("rule", "minutes", "until", "by", "reason"));
        return Silence.newBuilder()
                .setRule(rule(json, rules))
                .setFromMs(nowMs)
                .setUntilMs(end(json, nowMs))
                .setBy(JsonBody.text(json, "by", MOST_WHO).orElse(WHO))
                .setReason(JsonBody.text(json, "reason", MOST_TEXT).orElse(""))
                .build();
    }

    private static String rule(JsonObject json, List<String> rules) {
        Object rule = json.getValue("rule");
        if (rule == null) {
            return "";
        }
        if (rule instanceof String name && rules.contains(name)) {
            return name;
        }
        throw ApiProblem.badValue(
                "rule", String.valueOf(rule), "null for all rules, or one of " + String.join(", ", rules));
    }

    private static long end(JsonObject json, long nowMs) {
        Object minutes = json.getValue("minutes");
        Object until = json.getValue("until");
        if ((minutes == null) == (until == null)) {
            String accepted = "either minutes or until: a silence has an end";
            throw new ApiProblem(
                    400,
                    "minutes and until are " + (until == null ? "missing" : "both given") + "; accepted is " + accepted,
                    "minutes",
                    accepted);
        }
        if (minutes != null) {
            if (minutes instanceof Integer n && n >= 1 && n <= MOST_MINUTES) {
                return nowMs + n * 60_000L;
            }
            throw ApiProblem.badValue("minutes", String.valueOf(minutes), "a whole number from 1 to " + MOST_MINUTES);
        }
        long end = time(until);
        if (end <= nowMs || end > nowMs + MOST_MINUTES * 60_000L) {
            throw ApiProblem.badValue("until", String.valueOf(until), "a time from now on, within 366 days");
        }
        return end;
    }

    private static long time(Object given) {
        try {
            return Instant.parse(String.valueOf(given)).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw ApiProblem.badValue("until", String.valueOf(given), "a time in UTC like 2026-01-31T06:00:00Z");
        }
    }
}
