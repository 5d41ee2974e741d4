package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.history.AlertHistory;
import io.gradwatch.telemetry.history.CommandHistory;
import io.gradwatch.telemetry.history.ReplayQueries;
import io.gradwatch.telemetry.live.Recording.Kind;
import io.gradwatch.telemetry.live.Recording.Mark;
import io.gradwatch.telemetry.runs.Attention;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happened in a run, for its replay: each thing as viewers were told of it at the time. */
final class Marks {
    private Marks() {}

    /**
     * In the order of attempt and iteration.
     *
     * @param attempts of transitions, by {@link ReplayQueries#transition}
     * @param nowMs for what has become of commands without an answer
     */
    static List<Mark> of(
            List<EpochRecord> epochs,
            List<AlertHistory> alerts,
            Map<String, Integer> attempts,
            JsonArray layers,
            List<CommandHistory> commands,
            long nowMs) {
        List<Mark> marks = new ArrayList<>();
        for (EpochRecord epoch : epochs) {
            marks.add(new Mark(
                    epoch.attempt(),
                    epoch.epoch().getIteration(),
                    Kind.EPOCH,
                    Long.toString(Integer.toUnsignedLong(epoch.epoch().getEpoch())),
                    RunJson.epoch(epoch)));
        }
        for (AlertHistory alert : alerts) {
            for (int n = 1; n <= alert.transitions().size(); n++) {
                AlertHistory then = until(alert, n, attempts, layers);
                marks.add(new Mark(
                        then.attempt(),
                        then.newest().getLastIteration(),
                        Kind.ALERT,
                        then.newest().getAlertId(),
                        AlertJson.alert(then, nowMs)));
            }
        }
        for (CommandHistory command : commands) {
            CommandJson.placeOf(command)
                    .ifPresent(iteration -> marks.add(new Mark(
                            command.answer().map(CommandHistory.Answer::attempt).orElse(command.attempt()),
                            iteration,
                            Kind.COMMAND,
                            command.id(),
                            CommandJson.command(command, nowMs))));
        }
        marks.sort(Comparator.comparingInt(Mark::attempt).thenComparingLong(Mark::iteration));
        return marks;
    }

    /** An alert as it was after so many of its transitions. */
    private static AlertHistory until(
            AlertHistory alert, int transitions, Map<String, Integer> attempts, JsonArray layers) {
        List<Alert> known = alert.transitions().subList(0, transitions);
        Alert newest = known.get(transitions - 1);
        Optional<String> cut = newest.hasCutLayer() && newest.getCutLayer() < layers.size()
                ? Optional.of(layers.getJsonObject(newest.getCutLayer()).getString("name"))
                : Optional.empty();
        int attempt = attempts.getOrDefault(
                ReplayQueries.transition(newest.getAlertId(), newest.getTransition()), alert.attempt());
        return new AlertHistory(alert.alertKey(), alert.runId(), attempt, known, cut, Attention.of(null));
    }
}
