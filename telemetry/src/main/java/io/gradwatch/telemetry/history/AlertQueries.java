package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.runs.Attention;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Questions about alerts. Any thread; every method may block, and throws {@link HistoryException}. */
public final class AlertQueries {
    private static final String SELECT = "SELECT t.alert_key, t.attempt, t.alert, r.id, r.started, a.message"
            + " FROM transitions t JOIN runs r USING (run_key) LEFT JOIN annotations a ON a.run_id = r.id";

    private final Readers readers;

    AlertQueries(Readers readers) {
        this.readers = readers;
    }

    /**
     * Alerts, newest first.
     *
     * @param runId only those of this run
     * @param state only those now in this state
     * @param acknowledged only those that somebody has seen, or nobody
     * @param before only those with a smaller key: the next part of a list
     */
    public Page<AlertHistory, Integer> list(
            Optional<String> runId,
            Optional<Alert.State> state,
            Optional<Boolean> acknowledged,
            Optional<Integer> before,
            int limit) {
        Chosen chosen = new Chosen(runId, state, acknowledged);
        before.ifPresent(chosen::below);
        String keys = "SELECT alert_key FROM transitions WHERE " + chosen.where + " GROUP BY alert_key HAVING "
                + chosen.having + " ORDER BY alert_key DESC LIMIT " + (limit + 1);
        List<AlertHistory> found =
                readers.read(c -> alerts(c, SELECT + " WHERE alert_key IN (" + keys + ")", chosen.arguments()));
        List<AlertHistory> part = found.subList(0, Math.min(found.size(), limit));
        return new Page<>(
                part,
                found.size() > part.size()
                        ? Optional.of(part.get(part.size() - 1).alertKey())
                        : Optional.empty());
    }

    /**
     * A place in a list of alerts that is the same in every history of the same log.
     *
     * @param firstAtMs when the alert's first transition was made, by the trainer's clock
     */
    public record Place(long firstAtMs, String alertId) {}

    /**
     * A part of such a list.
     *
     * @param places one for each item
     * @param next where the next part begins; empty for the last
     */
    public record Listed(List<AlertHistory> items, List<Place> places, Optional<Place> next) {
        public Listed {
            items = List.copyOf(items);
            places = List.copyOf(places);
        }
    }

    /**
     * Alerts by the time of their first transition, newest first: the order in which lists of several histories can be merged.
     *
     * @param before only those behind this place: the next part of a list
     */
    public Listed inTime(
            Optional<String> runId,
            Optional<Alert.State> state,
            Optional<Boolean> acknowledged,
            Optional<Place> before,
            int limit) {
        Chosen chosen = new Chosen(runId, state, acknowledged);
        before.ifPresent(chosen::behind);
        String sql = "SELECT min(produced_at) AS first_at, alert_id FROM transitions WHERE " + chosen.where
                + " GROUP BY alert_id HAVING " + chosen.having + " ORDER BY first_at DESC, alert_id DESC LIMIT "
                + (limit + 1);
        return readers.read(c -> {
            List<Place> found =
                    Sql.query(c, sql, row -> new Place(row.getLong(1), row.getString(2)), chosen.arguments());
            List<Place> part = found.subList(0, Math.min(found.size(), limit));
            Map<String, AlertHistory> byId = new HashMap<>();
            if (!part.isEmpty()) {
                String marks = String.join(", ", part.stream().map(p -> "?").toList());
                Object[] ids = part.stream().map(Place::alertId).toArray();
                alerts(c, SELECT + " WHERE t.alert_id IN (" + marks + ")", ids)
                        .forEach(alert -> byId.put(alert.newest().getAlertId(), alert));
            }
            List<Place> places =
                    part.stream().filter(p -> byId.containsKey(p.alertId())).toList();
            return new Listed(
                    places.stream()
                            .map(p -> Objects.requireNonNull(byId.get(p.alertId())))
                            .toList(),
                    places,
                    found.size() > part.size() ? Optional.of(part.get(part.size() - 1)) : Optional.empty());
        });
    }

    /** Which alerts are wanted, as conditions on their transitions. */
    private static final class Chosen {
        private final StringBuilder where = new StringBuilder("run_key IN (SELECT run_key FROM runs)");
        private final StringBuilder having = new StringBuilder("true");
        private final List<@Nullable Object> ofWhere = new ArrayList<>();
        private final List<@Nullable Object> ofHaving = new ArrayList<>();

        Chosen(Optional<String> runId, Optional<Alert.State> state, Optional<Boolean> acknowledged) {
            runId.ifPresent(id -> {
                where.append(" AND run_key = (SELECT run_key FROM runs WHERE id = ?)");
                ofWhere.add(id);
            });
            acknowledged.ifPresent(is -> where.append(is ? " AND alert_id IN " : " AND alert_id NOT IN ")
                    .append("(SELECT unnest(acknowledged) FROM annotations WHERE acknowledged IS NOT NULL)"));
            state.ifPresent(s -> {
                having.append(" AND arg_max(state, transition) = ?");
                ofHaving.add(AlertHistory.label(s));
            });
        }

        void below(int alertKey) {
            where.append(" AND alert_key < ?");
            ofWhere.add(alertKey);
        }

        void behind(Place place) {
            having.append(" AND (min(produced_at) < ? OR (min(produced_at) = ? AND alert_id < ?))");
            ofHaving.addAll(List.of(place.firstAtMs(), place.firstAtMs(), place.alertId()));
        }

        @Nullable
        Object[] arguments() {
            return Stream.concat(ofWhere.stream(), ofHaving.stream()).toArray();
        }
    }

    /** The alerts of these ids, newest first; an unknown id is left out. */
    public List<AlertHistory> byId(Collection<String> alertIds) {
        if (alertIds.isEmpty()) {
            return List.of();
        }
        String marks = String.join(", ", alertIds.stream().map(id -> "?").toList());
        return readers.read(c -> alerts(c, SELECT + " WHERE t.alert_id IN (" + marks + ")", alertIds.toArray()));
    }

    /** All alerts of a run, newest first. */
    public List<AlertHistory> ofRun(String runId) {
        return readers.read(c -> alerts(c, SELECT + " WHERE r.id = ?", new Object[] {runId}));
    }

    private static List<AlertHistory> alerts(Connection c, String sql, @Nullable Object[] arguments)
            throws SQLException {
        record Row(
                int alertKey,
                int attempt,
                Alert alert,
                String runId,
                RunStarted started,
                @Nullable RunAnnotation annotation) {}
        Map<Integer, List<Row>> byKey = new LinkedHashMap<>();
        Sql.query(
                        c,
                        sql + " ORDER BY t.alert_key DESC, t.transition",
                        row -> new Row(
                                row.getInt(1),
                                row.getInt(2),
                                RunRows.alert(row.getBytes(3)),
                                row.getString(4),
                                RunRows.started(row.getBytes(5)),
                                Annotations.parsed(row.getBytes(6))),
                        arguments)
                .forEach(row -> byKey.computeIfAbsent(row.alertKey(), k -> new ArrayList<>())
                        .add(row));
        List<AlertHistory> alerts = new ArrayList<>(byKey.size());
        byKey.forEach((key, rows) -> {
            Row newest = rows.get(rows.size() - 1);
            alerts.add(new AlertHistory(
                    key,
                    newest.runId(),
                    newest.attempt(),
                    rows.stream().map(Row::alert).toList(),
                    cutLayerName(newest.alert(), newest.started()),
                    Attention.of(newest.annotation())));
        });
        return alerts;
    }

    private static Optional<String> cutLayerName(Alert alert, RunStarted started) {
        return alert.hasCutLayer() && alert.getCutLayer() >= 0 && alert.getCutLayer() < started.getLayersCount()
                ? Optional.of(started.getLayers(alert.getCutLayer()).getName())
                : Optional.empty();
    }
}
