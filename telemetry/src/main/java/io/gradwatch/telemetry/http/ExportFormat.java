package io.gradwatch.telemetry.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.gradwatch.telemetry.history.Exports;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How rows are written: CSV (RFC 4180; not measured is empty, a list has spaces), a JSON array of objects, or an object a line. */
enum ExportFormat {
    CSV("text/csv; charset=utf-8") {
        @Override
        Buffer head(List<String> columns) {
            return Buffer.buffer(String.join(",", columns) + "\r\n");
        }

        @Override
        Buffer rows(Exports.Piece piece, boolean first) {
            StringBuilder text = new StringBuilder();
            for (List<@Nullable Object> row : piece.rows()) {
                for (int i = 0; i < row.size(); i++) {
                    text.append(i == 0 ? "" : ",")
                            .append(cell(value(piece.columns().get(i), row.get(i))));
                }
                text.append("\r\n");
            }
            return Buffer.buffer(text.toString());
        }

        @Override
        Buffer tail() {
            return Buffer.buffer();
        }
    },
    JSON("application/json") {
        @Override
        Buffer head(List<String> columns) {
            return Buffer.buffer("[");
        }

        @Override
        Buffer rows(Exports.Piece piece, boolean first) {
            StringWriter text = new StringWriter();
            boolean begin = first;
            for (List<@Nullable Object> row : piece.rows()) {
                text.append(begin ? "\n" : ",\n");
                begin = false;
                object(text, piece.columns(), row);
            }
            return Buffer.buffer(text.toString());
        }

        @Override
        Buffer tail() {
            return Buffer.buffer("\n]\n");
        }
    },
    JSONL("application/jsonl") {
        @Override
        Buffer head(List<String> columns) {
            return Buffer.buffer();
        }

        @Override
        Buffer rows(Exports.Piece piece, boolean first) {
            StringWriter text = new StringWriter();
            for (List<@Nullable Object> row : piece.rows()) {
                object(text, piece.columns(), row);
                text.append('\n');
            }
            return Buffer.buffer(text.toString());
        }

        @Override
        Buffer tail() {
            return Buffer.buffer();
        }
    };

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Set<String> TIMES = Set.of("produced_at", "since");

    private final String mediaType;

    ExportFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    static Optional<ExportFormat> of(String label) {
        return List.of(values()).stream().filter(f -> f.label().equals(label)).findFirst();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String mediaType() {
        return mediaType;
    }

    /** What comes before the first row. */
    abstract Buffer head(List<String> columns);

    /** Some rows; {@code first}: none has been written yet. */
    abstract Buffer rows(Exports.Piece piece, boolean first);

    /** What comes after the last row. */
    abstract Buffer tail();

    private static @Nullable Object value(String column, @Nullable Object value) {
        return value instanceof Long ms && TIMES.contains(column) ? JsonValues.time(ms) : value;
    }

    private static void object(StringWriter text, List<String> columns, List<@Nullable Object> row) {
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            for (int i = 0; i < row.size(); i++) {
                json.writeFieldName(columns.get(i));
                write(json, value(columns.get(i), row.get(i)));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text in memory
        }
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                json.writeObject(element);
            }
            json.writeEndArray();
        } else {
            json.writeObject(value);
        }
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof List<?> list) {
            return String.join(" ", list.stream().map(String::valueOf).toList());
        }
        String text = value.toString();
        return text.matches("(?s).*[\",\r\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
