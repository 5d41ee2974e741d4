package io.gradwatch.telemetry.tensorboard;

import io.gradwatch.telemetry.history.Exports;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.runs.RunSummary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as an event file: one event an iteration with everything that was measured in it, and one an epoch. Tags are the
 * names of the metrics, with {@code /NN NAME} behind those of a layer and {@code epoch/} before those of an epoch. Values are
 * 32-bit floats, NaN and infinities among them; what was not measured is not there. Of iterations that were made again by a
 * later attempt TensorBoard shows that attempt.
 */
public final class EventFileWriter {
    private static final Map<String, String> LAYER_METRICS = Map.of(
            "mean_abs", "gradient.mean_abs",
            "l2", "gradient.l2",
            "max_abs", "gradient.max_abs",
            "zero_fraction", "gradient.zero_fraction",
            "nan_count", "gradient.nan",
            "inf_count", "gradient.inf",
            "parameter_l2", "parameter.l2",
            "update_ratio", "update.ratio");
    private static final List<String> NOT_VALUES =
            List.of("attempt", "iteration", "seq", "produced_at", "epoch", "batch_size", "layer", "bn");

    private EventFileWriter() {}

    /** The file's name: TensorBoard knows event files by it. */
    public static String fileName(RunSummary run) {
        return "events.out.tfevents." + run.startedAtMs() / 1000 + "." + run.id();
    }

    /** Writes the whole run, piece by piece. */
    public static void write(History history, RunSummary run, RunExtent extent, OutputStream out) throws IOException {
        TfRecords.write(out, Event.head(run.startedAtMs() / 1000.0));
        List<String> layers = new ArrayList<>();
        run.description().started().getLayersList().forEach(l -> layers.add(l.getName()));
        List<String> norms = new ArrayList<>();
        run.description().started().getBatchNormsList().forEach(b -> norms.add(b.getName()));
        Exports exports = history.exports();
        // the pieces of these three are of the same iterations
        Iterator<Exports.Piece> iterations = exports.export(extent, Exports.Table.ITERATIONS);
        Iterator<Exports.Piece> layerValues = exports.export(extent, Exports.Table.LAYERS);
        Iterator<Exports.Piece> bnValues = exports.export(extent, Exports.Table.BATCH_NORMS);
        while (iterations.hasNext()) {
            Map<Long, List<Event.Scalar>> byIteration = new HashMap<>();
            collect(layerValues.next(), "layer", layers, byIteration);
            collect(bnValues.next(), "bn", norms, byIteration);
            Exports.Piece piece = iterations.next();
            int iteration = piece.columns().indexOf("iteration");
            int producedAt = piece.columns().indexOf("produced_at");
            for (List<@Nullable Object> row : piece.rows()) {
                long step = number(row.get(iteration));
                List<Event.Scalar> scalars = new ArrayList<>();
                for (int i = 0; i < row.size(); i++) {
                    add(scalars, metric(piece.columns().get(i)), piece.columns().get(i), row.get(i));
                }
                scalars.addAll(byIteration.getOrDefault(step, List.of()));
                write(out, step, number(row.get(producedAt)), scalars);
            }
        }
        epochs(exports.export(extent, Exports.Table.EPOCHS), out);
    }

    private static void collect(
            Exports.Piece piece, String index, List<String> names, Map<Long, List<Event.Scalar>> into) {
        int at = piece.columns().indexOf(index);
        int iteration = piece.columns().indexOf("iteration");
        for (List<@Nullable Object> row : piece.rows()) {
            int layer = (int) number(row.get(at));
            String behind = "/" + String.format(Locale.ROOT, "%02d", layer)
                    + (layer < names.size() ? " " + names.get(layer) : "");
            List<Event.Scalar> scalars = into.computeIfAbsent(number(row.get(iteration)), i -> new ArrayList<>());
            for (int i = 0; i < row.size(); i++) {
                String column = piece.columns().get(i);
                String metric = index.equals("bn") ? "bn." + column : LAYER_METRICS.getOrDefault(column, column);
                add(scalars, metric + behind, column, row.get(i));
            }
        }
    }

    private static void epochs(Iterator<Exports.Piece> pieces, OutputStream out) throws IOException {
        while (pieces.hasNext()) {
            Exports.Piece piece = pieces.next();
            int iteration = piece.columns().indexOf("iteration");
            int producedAt = piece.columns().indexOf("produced_at");
            for (List<@Nullable Object> row : piece.rows()) {
                List<Event.Scalar> scalars = new ArrayList<>();
                for (int i = 0; i < row.size(); i++) {
                    String column = piece.columns().get(i);
                    add(scalars, "epoch/" + column, column, row.get(i));
                }
                write(out, number(row.get(iteration)), number(row.get(producedAt)), scalars);
            }
        }
    }

    private static void write(OutputStream out, long step, long atMs, List<Event.Scalar> scalars) throws IOException {
        if (!scalars.isEmpty()) {
            TfRecords.write(out, new Event(atMs / 1000.0, step, scalars, List.of()).encode());
        }
    }

    private static void add(List<Event.Scalar> scalars, String tag, String column, @Nullable Object value) {
        if (value instanceof Number n && !NOT_VALUES.contains(column)) {
            scalars.add(new Event.Scalar(tag, n.floatValue()));
        }
    }

    /** A column of iterations by its name in the API: {@code curvature_step} is {@code curvature.step}. */
    private static String metric(String column) {
        for (String group : List.of("curvature", "shattering", "resources")) {
            if (column.startsWith(group + "_")) {
                return group + "." + column.substring(group.length() + 1);
            }
        }
        return column;
    }

    private static long number(@Nullable Object value) {
        if (value instanceof Number n) {
            return n.longValue();
        }
        throw new IllegalStateException("not a number: " + value);
    }
}
