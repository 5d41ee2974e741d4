package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.runs.Attention;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An alert with all that happened to it.
 *
 * @param alertKey its number in history; newer alerts have greater ones
 * @param transitions its transitions in their order; at least one
 * @param attention what people say about the run's alerts
 * @param cutLayerName name of the newest transition's cut layer; empty without one
 */
public record AlertHistory(
        int alertKey,
        String runId,
        int attempt,
        List<Alert> transitions,
        Optional<String> cutLayerName,
        Attention attention) {
    public AlertHistory {
        transitions = List.copyOf(transitions);
    }

    /** The newest transition, which tells the present state. */
    public Alert newest() {
        return transitions.get(transitions.size() - 1);
    }

    /** The first transition into FIRING, or empty. */
    public Optional<Alert> fired() {
        return transitions.stream()
                .filter(t -> t.getState() == Alert.State.FIRING)
                .findFirst();
    }

    /** A state's name in the API: {@code pending}, {@code firing}, {@code recovering}, {@code resolved}, {@code no data}. */
    public static String label(Alert.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Newest transitions of a run's alerts that are not resolved. */
    static List<Alert> open(Connection c, int runKey) throws SQLException {
        return Sql.query(
                c,
                "SELECT arg_max(alert, transition) FROM transitions WHERE run_key = ? GROUP BY alert_key"
                        + " HAVING arg_max(state, transition) <> 'resolved'",
                row -> RunRows.alert(row.getBytes(1)),
                runKey);
    }
}
