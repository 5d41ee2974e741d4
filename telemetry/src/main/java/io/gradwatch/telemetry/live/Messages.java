package io.gradwatch.telemetry.live;

import io.vertx.core.json.JsonObject;

/** The text messages to viewers. */
final class Messages {
    private Messages() {}

    static String subscribed(RunView view) {
        return message("subscribed")
                .put("run", view.run())
                .put("layers", view.layers())
                .put("batchNorms", view.batchNorms())
                .encode();
    }

    static String reset(String run, long seq) {
        return message("reset").put("run", run).put("seq", seq).encode();
    }

    static String run(JsonObject run) {
        return message("run").put("run", run).encode();
    }

    static String epoch(String run, JsonObject epoch) {
        return message("epoch").put("run", run).put("epoch", epoch).encode();
    }

    static String alert(JsonObject alert) {
        return message("alert").put("alert", alert).encode();
    }

    static String command(JsonObject command) {
        return message("command").put("command", command).encode();
    }

    static String deleted(String run) {
        return message("deleted").put("run", run).encode();
    }

    static String heartbeat(long nowMs) {
        return message("heartbeat").put("now", nowMs).encode();
    }

    /** @param request the refused message: an object when it was one, else text, shortened */
    static String error(Problem problem, Object request) {
        return message("error")
                .put("problem", problem.json())
                .put("request", request)
                .encode();
    }

    private static JsonObject message(String type) {
        return new JsonObject().put("type", type);
    }
}
