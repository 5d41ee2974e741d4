package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.query.QuerySyntaxException;
import io.gradwatch.telemetry.rules.user.Problem;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that cannot be answered, as {@code application/problem+json}. */
final class ApiProblem extends RuntimeException {
    /** Media type of the answer. */
    static final String MEDIA_TYPE = "application/problem+json";

    private static final long serialVersionUID = 1;
    private static final int SHOWN_CHARACTERS = 120;

    private final int status;
    private final @Nullable String parameter;
    private final @Nullable String accepted;
    private final transient JsonObject more = new JsonObject();

    ApiProblem(int status, String detail, @Nullable String parameter, @Nullable String accepted) {
        super(detail, null, false, false);
        this.status = status;
        this.parameter = parameter;
        this.accepted = accepted;
    }

    /** A parameter whose value is not accepted. */
    static ApiProblem badValue(String parameter, String value, String accepted) {
        return new ApiProblem(
                400, parameter + " is \"" + shortened(value) + "\"; accepted is " + accepted, parameter, accepted);
    }

    /** A text in a language of ours that cannot be read. */
    static ApiProblem badSyntax(String parameter, QuerySyntaxException e) {
        ApiProblem problem = new ApiProblem(400, parameter + ": " + e.getMessage(), parameter, e.accepted());
        problem.more.put("position", e.position()).put("caret", e.caret());
        return problem;
    }

    /** A rule file with mistakes. */
    static ApiProblem badRules(List<Problem> problems) {
        ApiProblem problem = new ApiProblem(
                400,
                problems.size() == 1
                        ? problems.get(0).toString()
                        : "the rules have " + problems.size() + " mistakes, the first: " + problems.get(0),
                "body",
                "a rule file as docs/alerts.md describes it");
        problem.more.put("problems", RulesJson.problems(problems));
        return problem;
    }

    /** No run of this id. */
    static ApiProblem unknownRun(String runId) {
        String accepted = "the id of a run in GET /api/v1/runs";
        return new ApiProblem(
                404, "there is no run \"" + shortened(runId) + "\"; accepted is " + accepted, "run", accepted);
    }

    /** No alert of this id. */
    static ApiProblem unknownAlert(String alertId) {
        String accepted = "the id of an alert of the run, as one part of the path: %2F for /";
        return new ApiProblem(
                404, "there is no alert \"" + shortened(alertId) + "\"; accepted is " + accepted, "alert", accepted);
    }

    int status() {
        return status;
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("type", "about:blank")
                .put("title", title())
                .put("status", status)
                .put("detail", getMessage());
        if (parameter != null) {
            json.put("parameter", parameter);
        }
        if (accepted != null) {
            json.put("accepted", accepted);
        }
        return json.mergeIn(more);
    }

    private String title() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 507 -> "Insufficient Storage";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 429 -> "Too Many Requests";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }

    /** At most so much of what came from outside as a message can hold. */
    static String shortened(String value) {
        return value.length() <= SHOWN_CHARACTERS ? value : value.substring(0, SHOWN_CHARACTERS) + "…";
    }
}
