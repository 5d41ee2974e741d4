package io.gradwatch.telemetry.history;

import io.gradwatch.telemetry.query.Field;
import java.util.Map;

/** Where the fields of the query language are in the tables, as SQL expressions. */
final class RunColumns {
    /** What the expressions are over. */
    static final String TABLES = "runs r JOIN progress p USING (run_key) LEFT JOIN facts f USING (run_key)"
            + " LEFT JOIN annotations a ON a.run_id = r.id";

    private static final Map<String, String> TEXTS = Map.of(
            "id", "r.id",
            "name", "coalesce(nullif(a.name, ''), nullif(r.name, ''), r.id)",
            "preset", "nullif(r.preset, '')",
            "notes", "nullif(a.notes, '')",
            "reason", "nullif(p.reason, '')",
            "state", "p.phase",
            "announced", "r.announced::VARCHAR",
            "severity", "CASE p.worst_severity WHEN 1 THEN 'info' WHEN 2 THEN 'warning' WHEN 3 THEN 'critical' END");

    private static final Map<String, String> WORDS = Map.of("tag", "coalesce(a.tags, r.tags)", "label", "a.labels");

    private static final Map<String, String> WHOLE = Map.of(
            "attempt", "r.attempt",
            "iteration", "p.iteration",
            "epoch", "p.epoch",
            "dropped", "p.dropped",
            "firing", "p.firing_alerts");

    private static final Map<String, String> FLOATS = Map.of(
            "loss", "p.loss",
            "accuracy", "p.accuracy",
            "learning_rate", "p.learning_rate",
            "validation_loss", "p.validation_loss",
            "validation_accuracy", "p.validation_accuracy",
            "best_accuracy", "p.best_validation_accuracy");

    private static final Map<String, String> MILLISECONDS = Map.of(
            "started", "r.started_at",
            "ended", "p.ended_at",
            "seen", "p.last_seen",
            "duration", "(coalesce(p.ended_at, p.last_seen) - r.started_at)");

    private RunColumns() {}

    /** A VARCHAR; NULL where the run has none. */
    static Sql.Part text(Field field) {
        String column = TEXTS.get(field.name());
        return column == null ? fact(field) : Sql.part(column);
    }

    /** A VARCHAR[]; NULL where the run has none. */
    static String words(Field field) {
        String column = WORDS.get(field.name());
        if (column == null) {
            throw new IllegalArgumentException(field.name());
        }
        return column;
    }

    /** A DOUBLE; NULL where the run has none, or no number. A float becomes the number that is written with its digits. */
    static Sql.Part number(Field field) {
        String whole = WHOLE.get(field.name());
        if (whole != null) {
            return Sql.part(whole + "::DOUBLE");
        }
        String real = FLOATS.get(field.name());
        return real != null
                ? Sql.part("CAST(CAST(" + real + " AS VARCHAR) AS DOUBLE)")
                : fact(field).within("TRY_CAST(", " AS DOUBLE)");
    }

    /** A BIGINT; NULL where the run has none. */
    static Sql.Part milliseconds(Field field) {
        String column = MILLISECONDS.get(field.name());
        if (column == null) {
            throw new IllegalArgumentException(field.name());
        }
        return Sql.part(column);
    }

    private static Sql.Part fact(Field field) {
        return Sql.part("f.facts[?]", field.name());
    }
}
