package io.gradwatch.telemetry.live;

import io.gradwatch.contract.RunIds;
import io.gradwatch.telemetry.live.ReplayRequest.Range;
import io.gradwatch.telemetry.replay.Align;
import io.gradwatch.telemetry.replay.Pace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads messages that concern replays. */
final class ReplayRequests {
    static final String VERBS = "replay, pause, resume, seek, speed, step, range and stop";

    /** Runs of one replay. */
    static final int MOST_RUNS = 8;

    static final int MOST_STEPS = 1000;

    private ReplayRequests() {}

    /** The request, or a refusal; empty when the message is none of these. */
    static Optional<Request> parse(JsonObject json) {
        try {
            if (json.containsKey("replay")) {
                return Optional.of(start(json));
            }
            for (String verb : List.of("pause", "resume", "seek", "speed", "step", "range", "stop")) {
                if (json.containsKey(verb)) {
                    return Optional.of(control(verb, id(verb, json.getValue(verb)), json));
                }
            }
            return Optional.empty();
        } catch (BadFieldException e) {
            return Optional.of(new Request.Refused(e.problem()));
        }
    }

    private static Request start(JsonObject json) throws BadFieldException {
        Object id = json.getValue("id");
        return new ReplayRequest.Start(
                id == null ? "" : id("id", id),
                runs(json.getValue("replay")),
                align(json.getValue("align")),
                range(json),
                bound(json, "at"),
                json.containsKey("speed") ? pace("speed", json.getValue("speed")) : Pace.times(1),
                flag(json, "paused"),
                flag(json, "conflate"),
                Request.metrics(json));
    }

    private static Request control(String verb, String id, JsonObject json) throws BadFieldException {
        return switch (verb) {
            case "pause" -> new ReplayRequest.Pause(id);
            case "resume" -> new ReplayRequest.Resume(id);
            case "seek" -> new ReplayRequest.Seek(id, iteration(json));
            case "speed" -> new ReplayRequest.Speed(id, pace("value", json.getValue("value")));
            case "step" -> new ReplayRequest.Step(id, steps(json));
            case "range" -> new ReplayRequest.Bounds(id, range(json));
            default -> new ReplayRequest.Stop(id);
        };
    }

    private static String id(String field, @Nullable Object value) throws BadFieldException {
        if (value instanceof String id && RunIds.isValid(id)) {
            return id;
        }
        throw new BadFieldException(field, field + " is " + Request.shown(value), "the id of a replay: " + RunIds.FORM);
    }

    private static List<String> runs(@Nullable Object value) throws BadFieldException {
        List<?> given = value instanceof JsonArray array ? array.getList() : value == null ? List.of() : List.of(value);
        Set<String> runs = new LinkedHashSet<>();
        for (Object run : given) {
            if (!(run instanceof String id) || !RunIds.isValid(id)) {
                throw new BadFieldException(
                        "replay",
                        "replay holds " + Request.shown(run),
                        "a run's id, or an array of them: " + RunIds.FORM);
            }
            if (!runs.add(id)) {
                throw new BadFieldException("replay", "replay names " + id + " twice", "every run once");
            }
        }
        if (runs.isEmpty() || runs.size() > MOST_RUNS) {
            throw new BadFieldException(
                    "replay", "replay names " + runs.size() + " runs", "1 to " + MOST_RUNS + " runs");
        }
        return List.copyOf(runs);
    }

    private static Align align(@Nullable Object value) throws BadFieldException {
        if (value == null) {
            return Align.ITERATION;
        }
        for (Align align : Align.values()) {
            if (align.name().toLowerCase(Locale.ROOT).equals(value)) {
                return align;
            }
        }
        throw new BadFieldException("align", "align is " + Request.shown(value), "iteration, epoch or wall");
    }

    private static Range range(JsonObject json) throws BadFieldException {
        OptionalLong from = bound(json, "from");
        OptionalLong to = bound(json, "to");
        if (to.isPresent() && to.getAsLong() <= from.orElse(0)) {
            throw new BadFieldException(
                    "to",
                    "to is " + to.getAsLong() + " and from is " + from.orElse(0),
                    "an iteration above from: a range excludes its end");
        }
        return new Range(from, to, flag(json, "loop"));
    }

    private static OptionalLong bound(JsonObject json, String field) throws BadFieldException {
        Object value = json.getValue(field);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!Request.isWhole(value) || ((Number) value).longValue() < 0) {
            throw new BadFieldException(field, field + " is " + Request.shown(value), "a whole number from 0 on");
        }
        return OptionalLong.of(((Number) value).longValue());
    }

    private static long iteration(JsonObject json) throws BadFieldException {
        return bound(json, "iteration")
                .orElseThrow(() -> new BadFieldException(
                        "iteration", "iteration is missing", "a whole number from 0 on: the iteration to go to"));
    }

    private static Pace pace(String field, @Nullable Object value) throws BadFieldException {
        if ("recorded".equals(value)) {
            return Pace.RECORDED;
        }
        if (value instanceof Number factor && Pace.isAccepted(factor.doubleValue())) {
            return Pace.times(factor.doubleValue());
        }
        throw new BadFieldException(
                field,
                field + " is " + Request.shown(value),
                "a number from 0.1 to 1000 (times as fast as recorded), or \"recorded\"");
    }

    private static int steps(JsonObject json) throws BadFieldException {
        Object value = json.getValue("iterations", 1);
        if (Request.isWhole(value)) {
            long steps = ((Number) value).longValue();
            if (steps != 0 && Math.abs(steps) <= MOST_STEPS) {
                return (int) steps;
            }
        }
        throw new BadFieldException(
                "iterations",
                "iterations is " + Request.shown(value),
                "a whole number from -" + MOST_STEPS + " to " + MOST_STEPS + " but 0");
    }

    private static boolean flag(JsonObject json, String field) throws BadFieldException {
        Object value = json.getValue(field, false);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new BadFieldException(field, field + " is " + Request.shown(value), "true or false");
    }
}
