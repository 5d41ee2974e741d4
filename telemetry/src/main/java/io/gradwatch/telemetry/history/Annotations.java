package io.gradwatch.telemetry.history;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gradwatch.contract.v1.AlertAcknowledgement;
import io.gradwatch.contract.v1.RunAnnotation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people say about runs, as rows, and back. */
final class Annotations {
    private Annotations() {}

    static void write(Connection c, String runId, @Nullable RunAnnotation annotation) throws SQLException {
        Sql.update(c, "DELETE FROM annotations WHERE run_id = ?", runId);
        if (annotation != null) {
            Sql.update(
                    c,
                    "INSERT INTO annotations (run_id, name, tags, notes, labels, deleted, message, acknowledged)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    runId,
                    annotation.getName(),
                    c.createArrayOf("VARCHAR", annotation.getTagsList().toArray()),
                    annotation.getNotes(),
                    c.createArrayOf("VARCHAR", annotation.getLabelsList().toArray()),
                    annotation.getDeleted(),
                    annotation.toByteArray(),
                    c.createArrayOf(
                            "VARCHAR",
                            annotation.getAcknowledgedList().stream()
                                    .map(AlertAcknowledgement::getAlertId)
                                    .toArray()));
        }
    }

    static Map<String, RunAnnotation> readAll(Connection c) throws SQLException {
        Map<String, RunAnnotation> all = new HashMap<>();
        Sql.query(
                c,
                "SELECT run_id, name AS given_name, tags AS given_tags, notes, labels, deleted, message FROM annotations",
                row -> all.put(row.getString("run_id"), annotation(row)));
        return all;
    }

    /** The annotation of a row of {@link RunRows#TABLES}; null without one. */
    static @Nullable RunAnnotation joined(ResultSet row) throws SQLException {
        return row.getString("run_id") == null ? null : annotation(row);
    }

    /** @param message of a column of annotations; null: none */
    static @Nullable RunAnnotation parsed(byte @Nullable [] message) throws SQLException {
        try {
            return message == null ? null : RunAnnotation.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("an annotation in history cannot be read: " + e.getMessage(), e);
        }
    }

    private static RunAnnotation annotation(ResultSet row) throws SQLException {
        RunAnnotation message = parsed(row.getBytes("message"));
        if (message != null) {
            return message;
        }
        return RunAnnotation.newBuilder()
                .setName(row.getString("given_name"))
                .addAllTags(texts(row.getArray("given_tags")))
                .setNotes(row.getString("notes"))
                .addAllLabels(texts(row.getArray("labels")))
                .setDeleted(row.getBoolean("deleted"))
                .build();
    }

    private static List<String> texts(Array array) throws SQLException {
        List<String> texts = new ArrayList<>();
        for (Object text : (Object[]) array.getArray()) {
            texts.add((String) text);
        }
        return texts;
    }
}
