package io.gradwatch.telemetry.evidence;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.evidence.Card.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What an alert saw, in words. */
final class Measured {
    private enum Form {
        NUMBER,
        WHOLE,
        SHARE,
        DECADES,
        POWER_OF_TEN,
        CHANGE
    }

    private record Name(String words, Form form) {}

    private static final Map<String, Name> NAMES = names();

    private Measured() {}

    static List<Figure> of(Alert alert, RunStarted run) {
        List<Figure> figures = new ArrayList<>();
        if (alert.hasCutLayer()) {
            figures.add(new Figure("Cut", layer(run, alert.getCutLayer())));
        }
        Map<String, Double> inputs = new TreeMap<>(alert.getInputsMap());
        double layers = inputs.getOrDefault("layers", Double.NaN);
        NAMES.forEach((input, name) -> {
            Double value = inputs.remove(input);
            if (value != null) {
                figures.add(new Figure(words(input, name, alert), form(name.form, value, layers)));
            }
        });
        inputs.remove("layers");
        inputs.remove("slope_r2"); // of no use without the figure
        inputs.forEach((input, value) -> figures.add(new Figure(input.replace('_', ' '), number(value))));
        if (alert.getLayersCount() > 0) {
            figures.add(new Figure("Layers concerned", concerned(alert, run)));
        }
        figures.add(
                new Figure("First seen", "iteration " + String.format(Locale.ROOT, "%,d", alert.getFirstIteration())));
        if (alert.getLastIteration() > alert.getFirstIteration()) {
            figures.add(new Figure(
                    "Measured at", "iteration " + String.format(Locale.ROOT, "%,d", alert.getLastIteration())));
        }
        return figures;
    }

    private static String words(String input, Name name, Alert alert) {
        if (input.equals("value") && alert.containsThresholds("threshold")) {
            return "Value (threshold " + number(alert.getThresholdsOrDefault("threshold", Double.NaN)) + ")";
        }
        if (input.equals("share_below_warning_level")) {
            return "Below " + power(alert.getThresholdsOrDefault("warning_log10", -7));
        }
        if (input.equals("share_below_critical_level")) {
            double level = alert.getThresholdsOrDefault("critical_log10", -8);
            return "Below " + power(level) + (level == -8 ? ", Adam's ε" : "");
        }
        return name.words;
    }

    private static String concerned(Alert alert, RunStarted run) {
        int count = alert.getLayersCount();
        String first = layer(run, alert.getLayers(0));
        if (count == 1) {
            return first;
        }
        boolean together = alert.getLayers(count - 1) - alert.getLayers(0) == count - 1;
        return count + (run.getLayersCount() > 0 ? " of " + run.getLayersCount() : "") + ": "
                + (together
                        ? alert.getLayers(0) + " to " + alert.getLayers(count - 1)
                        : first + " and " + (count - 1) + " more");
    }

    private static String layer(RunStarted run, int index) {
        String name = index >= 0 && index < run.getLayersCount()
                ? run.getLayers(index).getName()
                : "";
        return "layer " + index + (name.isEmpty() ? "" : " · " + name);
    }

    private static String form(Form form, double value, double layers) {
        return switch (form) {
            case NUMBER -> number(value);
            case WHOLE -> String.format(Locale.ROOT, "%,.0f", value);
            case SHARE ->
                Double.isNaN(layers)
                        ? String.format(Locale.ROOT, "%.1f %%", 100 * value)
                        : String.format(Locale.ROOT, "%.0f of %.0f layers", value * layers, layers);
            case DECADES -> String.format(Locale.ROOT, "%.1f decades", value);
            case POWER_OF_TEN -> magnitude(Math.pow(10, value));
            case CHANGE -> String.format(Locale.ROOT, "%+.2f %% an epoch", 100 * value);
        };
    }

    private static String power(double log10) {
        return magnitude(Math.pow(10, log10)).replace("1.0e", "1e");
    }

    private static String magnitude(double value) {
        return String.format(Locale.ROOT, "%.1e", value)
                .replace("e-0", "e-")
                .replace("e+0", "e")
                .replace("e+", "e");
    }

    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "infinity" : "-infinity";
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e6) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (size < 1e-3 || size >= 1e6) {
            return magnitude(value);
        }
        return String.format(Locale.ROOT, "%.4g", value)
                .replaceAll("(\\.\\d*?)0+$", "$1")
                .replaceAll("\\.$", "");
    }

    private static Map<String, Name> names() {
        Map<String, Name> names = new LinkedHashMap<>();
        names.put("value", new Name("Value", Form.NUMBER));
        names.put("decades_lost", new Name("Lost from loss to input", Form.DECADES));
        names.put("share_below_critical_level", new Name("Below Adam's ε", Form.SHARE));
        names.put("share_below_warning_level", new Name("Below 1e-7", Form.SHARE));
        names.put("start_log10", new Name("Gradient at the input", Form.POWER_OF_TEN));
        names.put("end_log10", new Name("Gradient at the loss", Form.POWER_OF_TEN));
        names.put("largest_drop_decades", new Name("Largest step between neighbours", Form.DECADES));
        names.put("slope", new Name("Slope, decades a layer", Form.NUMBER));
        names.put("usual_slope", new Name("Slope that was usual", Form.NUMBER));
        names.put("loss", new Name("Loss", Form.NUMBER));
        names.put("ln_classes", new Name("Loss of guessing, ln C", Form.NUMBER));
        names.put("accuracy", new Name("Accuracy", Form.SHARE));
        names.put("median", new Name("Loss that was usual", Form.NUMBER));
        names.put("spread", new Name("Its robust deviation", Form.NUMBER));
        names.put("z", new Name("Deviations above it", Form.NUMBER));
        names.put("median_log10", new Name("Median gradient over the layers", Form.POWER_OF_TEN));
        names.put("layers_above_norm", new Name("Layers above the norm", Form.WHOLE));
        names.put("layers_risen", new Name("Layers risen over their past", Form.WHOLE));
        names.put("layers_with_such_gradients", new Name("Layers with NaN or infinity", Form.WHOLE));
        names.put("layers_with_such_parameters", new Name("Layers whose weights are not finite", Form.WHOLE));
        names.put("share_fallen", new Name("Layers fallen", Form.SHARE));
        names.put("median_fall_decades", new Name("Typical fall", Form.DECADES));
        names.put("share", new Name("Channels that see one side", Form.SHARE));
        names.put("batch_norms", new Name("Batch norms not well", Form.WHOLE));
        names.put("median_update_ratio", new Name("Step / weights, median", Form.NUMBER));
        names.put("relative_slope_per_epoch", new Name("Loss changes by", Form.CHANGE));
        names.put("gap", new Name("Validation above training loss", Form.SHARE));
        names.put("best_validation_loss", new Name("Best validation loss", Form.NUMBER));
        names.put("epochs_since_best", new Name("Epochs since then", Form.WHOLE));
        names.put("missing_now", new Name("Missing in this burst", Form.WHOLE));
        names.put("missing_in_all", new Name("Missing in all", Form.WHOLE));
        names.put("dropped_as_told", new Name("Dropped, as the trainer counts", Form.WHOLE));
        return names;
    }
}
