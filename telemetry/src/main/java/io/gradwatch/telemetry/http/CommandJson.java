package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.telemetry.history.CommandHistory;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands as JSON. */
final class CommandJson {
    private CommandJson() {}

    /** @param nowMs by which a command without an answer is sent, or timed out */
    static JsonObject command(CommandHistory c, long nowMs) {
        Command told = c.command().hasDryRun() ? c.command().getDryRun().getWould() : c.command();
        Acknowledgement answer =
                c.answer().map(CommandHistory.Answer::acknowledgement).orElse(null);
        boolean applied = answer != null && answer.getOutcome() == Acknowledgement.Outcome.APPLIED;
        boolean rate = told.hasSetLearningRate();
        boolean scaled = rate && told.getSetLearningRate().hasFactor();
        return new JsonObject()
                .put("id", c.id())
                .put("runId", c.runId())
                .put("attempt", c.attempt())
                .put("action", action(told))
                .put(
                        "learningRate",
                        rate && !scaled ? number(told.getSetLearningRate().getLearningRate()) : null)
                .put("factor", scaled ? number(told.getSetLearningRate().getFactor()) : null)
                .put("state", c.state(nowMs).label())
                .put("late", c.isLate())
                .put("issuedAt", JsonValues.time(c.issuedAtMs()))
                .put(
                        "expiresAt",
                        c.command().getExpiresAtMs() == 0
                                ? null
                                : JsonValues.time(c.command().getExpiresAtMs()))
                .put("issuedBy", c.command().getIssuedBy())
                .put("reason", c.command().getReason())
                .put(
                        "issuedIteration",
                        c.command().hasIssuedAtIteration() ? c.command().getIssuedAtIteration() : null)
                .put("iteration", answer != null && applied && !told.hasStartTwin() ? answer.getIteration() : null)
                .put(
                        "answeredAt",
                        c.answer().map(a -> JsonValues.time(a.producedAtMs())).orElse(null))
                .put("answer", answer == null ? null : applied ? answer.getDetail() : answer.getReason())
                .put("startedRunId", startedRun(answer));
    }

    /** Where on the iterations' axis a command belongs: where it was answered, else where it was sent; empty: not known. */
    static Optional<Long> placeOf(CommandHistory c) {
        Command command = c.command();
        if (c.answer().isPresent() && !command.hasStartTwin()) {
            return Optional.of(c.answer().get().acknowledgement().getIteration());
        }
        return command.hasIssuedAtIteration() ? Optional.of(command.getIssuedAtIteration()) : Optional.empty();
    }

    private static @Nullable String startedRun(@Nullable Acknowledgement answer) {
        return answer == null || answer.getStartedRunId().isEmpty() ? null : answer.getStartedRunId();
    }

    private static Object number(double value) {
        return Double.isFinite(value) ? (Object) value : Double.toString(value);
    }

    /** Its name in the API; {@code unknown} for one of a later version. */
    private static String action(Command command) {
        return switch (command.getActionCase()) {
            case SET_LEARNING_RATE -> "learning_rate";
            case START_TWIN -> "twin";
            case ACTION_NOT_SET, DRY_RUN -> "unknown";
            default -> command.getActionCase().name().toLowerCase(Locale.ROOT);
        };
    }
}
