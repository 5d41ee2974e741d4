package io.gradwatch.telemetry.live;

import io.vertx.core.json.JsonObject;

/** What is wrong, by RFC 9457, with the parameter and what is accepted. */
record Problem(int status, String title, String parameter, String detail, String accepted) {

    static Problem badRequest(String parameter, String what, String accepted) {
        return new Problem(400, "Bad Request", parameter, what + "; accepted is " + accepted, accepted);
    }

    static Problem busy(String parameter, String what, String accepted) {
        return new Problem(503, "Service Unavailable", parameter, what + "; accepted is " + accepted, accepted);
    }

    static Problem unknownRun(String run) {
        return new Problem(
                404, "Not Found", "run", "there is no run \"" + run + "\"", "the id of a run, as in GET /runs");
    }

    static Problem unknownReplay(String verb, String id) {
        return new Problem(
                404,
                "Not Found",
                verb,
                "this connection has no replay \"" + id + "\"",
                "the id of one of its replays, as in a replaying message");
    }

    static Problem nothingRecorded(String run) {
        return new Problem(
                409,
                "Conflict",
                "replay",
                "run \"" + run + "\" has no iterations in history, so there is nothing to replay",
                "a run with iterations");
    }

    static Problem historyFailed(String run) {
        return new Problem(
                500, "Internal Server Error", "run", "the history of run \"" + run + "\" could not be read", "");
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("parameter", parameter);
        return accepted.isEmpty() ? json : json.put("accepted", accepted);
    }

    static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
