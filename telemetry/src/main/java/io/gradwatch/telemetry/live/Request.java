package io.gradwatch.telemetry.live;

import io.gradwatch.contract.RunIds;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a client asks for. */
sealed interface Request
        permits Request.Subscribe,
                Request.SubscribeAll,
                Request.Unsubscribe,
                Request.Ack,
                Request.Refused,
                ReplayRequest {
    /** Stands for all runs. */
    String ALL = "*";

    String VERBS = "subscribe, unsubscribe, ack, " + ReplayRequests.VERBS;

    int MOST_BACKFILL = 5000;
    int STANDARD_BACKFILL = 512;

    /**
     * @param from first sequence number wanted; empty: the newest {@code backfill} iterations
     */
    record Subscribe(String run, OptionalLong from, int backfill, MetricSet metrics) implements Request {}

    record SubscribeAll() implements Request {}

    /** @param run an id or {@link #ALL} */
    record Unsubscribe(String run) implements Request {}

    /** @param replay id of the replay that the frame belonged to; empty: it was live */
    record Ack(String run, String replay) implements Request {}

    record Refused(Problem problem) implements Request {}

    /** Reads a message. Fields that it does not know are passed over. */
    static Request parse(String text) {
        JsonObject json;
        try {
            json = new JsonObject(text);
        } catch (DecodeException | ClassCastException e) {
            return refused("message", "the message is not a JSON object", "a JSON object with one of " + VERBS);
        }
        for (String verb : List.of("subscribe", "unsubscribe", "ack")) {
            if (json.containsKey(verb)) {
                if (!(json.getValue(verb) instanceof String run) || !(RunIds.isValid(run) || takesAll(verb, run))) {
                    return refused(
                            verb,
                            verb + " is " + shown(json.getValue(verb)),
                            "a run's id: " + RunIds.FORM + (verb.equals("ack") ? "" : "; or \"*\" for all runs"));
                }
                return switch (verb) {
                    case "subscribe" -> run.equals(ALL) ? new SubscribeAll() : subscribe(run, json);
                    case "unsubscribe" -> new Unsubscribe(run);
                    default -> new Ack(run, json.getValue("replay") instanceof String replay ? replay : "");
                };
            }
        }
        return ReplayRequests.parse(json)
                .orElseGet(() ->
                        refused("message", "the message has none of " + VERBS, "a JSON object with one of " + VERBS));
    }

    private static boolean takesAll(String verb, String run) {
        return run.equals(ALL) && !verb.equals("ack");
    }

    private static Request subscribe(String run, JsonObject json) {
        Object from = json.getValue("from");
        if (from != null && !(isWhole(from) && ((Number) from).longValue() >= 0)) {
            return refused("from", "from is " + shown(from), "a whole number from 0 on");
        }
        Object backfill = json.getValue("backfill", STANDARD_BACKFILL);
        if (!(isWhole(backfill)
                && ((Number) backfill).longValue() >= 0
                && ((Number) backfill).longValue() <= MOST_BACKFILL)) {
            return refused("backfill", "backfill is " + shown(backfill), "a whole number from 0 to " + MOST_BACKFILL);
        }
        MetricSet metrics;
        try {
            metrics = metrics(json);
        } catch (BadFieldException e) {
            return new Refused(e.problem());
        }
        return new Subscribe(
                run,
                from == null ? OptionalLong.empty() : OptionalLong.of(((Number) from).longValue()),
                ((Number) backfill).intValue(),
                metrics);
    }

    /** What {@code metrics} of a message asks for. */
    static MetricSet metrics(JsonObject json) throws BadFieldException {
        Object wanted = json.getValue("metrics");
        if (wanted == null) {
            return MetricSet.DEFAULT;
        }
        if (!(wanted instanceof JsonArray array)) {
            throw new BadFieldException(
                    "metrics", "metrics is " + shown(wanted), "an array of: " + MetricSet.accepted());
        }
        List<String> names = new ArrayList<>();
        for (Object name : array) {
            if (!(name instanceof String known) || !MetricSet.isKnown(known)) {
                throw new BadFieldException("metrics", "metrics holds " + shown(name), MetricSet.accepted());
            }
            names.add(known);
        }
        return new MetricSet(names);
    }

    static boolean isWhole(@Nullable Object value) {
        return value instanceof Integer || value instanceof Long;
    }

    private static Request refused(String parameter, String what, String accepted) {
        return new Refused(Problem.badRequest(parameter, what, accepted));
    }

    static String shown(@Nullable Object value) {
        return Problem.shortened(value instanceof String s ? "\"" + s + "\"" : String.valueOf(value));
    }
}
