package io.gradwatch.telemetry.query;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Something that a run can be asked for.
 *
 * @param name as it is written in a query; {@code config.NAME} for a configuration parameter
 */
public record Field(String name, Kind kind) {
    /** What values a field has, and so how it is compared. */
    public enum Kind {
        /** One word, compared as a whole. */
        WORD,
        /** Several words, each compared as a whole. */
        WORDS,
        /** Free text, searched for a part. */
        TEXT,
        /** What a run is doing. */
        STATE,
        /** True or false. */
        TRUTH,
        NUMBER,
        /** A moment. */
        TIME,
        /** A length of time. */
        DURATION,
        /** A configuration parameter: a number where its text is one. */
        PARAMETER
    }

    /** The states of a run. */
    static final List<String> STATES = List.of("running", "finished", "stopped", "failed", "silent", "paused");

    static final String CONFIG = "config.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");
    private static final Map<String, Field> KNOWN = new TreeMap<>();
    private static final Map<String, String> ALIASES = Map.of(
            "iterations", "iteration",
            "epochs", "epoch",
            "batch_size", "batch",
            "best_validation_accuracy", "best_accuracy",
            "tags", "tag",
            "labels", "label",
            "alerts", "alert",
            "note", "notes");

    static {
        known(Kind.WORD, "id", "preset", "host", "dataset", "severity");
        known(Kind.WORDS, "tag", "label", "alert");
        known(Kind.TEXT, "name", "notes", "reason");
        known(Kind.STATE, "state");
        known(Kind.TRUTH, "synthetic", "announced");
        known(Kind.TIME, "started", "ended", "seen");
        known(Kind.DURATION, "duration");
        known(
                Kind.NUMBER,
                "attempt",
                "iteration",
                "epoch",
                "loss",
                "accuracy",
                "learning_rate",
                "dropped",
                "validation_loss",
                "validation_accuracy",
                "best_accuracy",
                "best_epoch",
                "test_loss",
                "test_accuracy",
                "train_loss",
                "train_accuracy",
                "firing",
                "seed",
                "batch",
                "planned_epochs",
                "planned_iterations",
                "classes",
                "parameters",
                "layers",
                "batch_norms");
    }

    private static void known(Kind kind, String... names) {
        Arrays.stream(names).forEach(name -> KNOWN.put(name, new Field(name, kind)));
    }

    /** All fields but configuration parameters, by name. */
    public static List<Field> all() {
        return List.copyOf(KNOWN.values());
    }

    /** Whether a text has the form of a field's name. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The field of this name; one that no run field has is that of the configuration parameter. */
    public static Field of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        Field known = KNOWN.get(ALIASES.getOrDefault(lower, lower));
        if (known != null) {
            return known;
        }
        return new Field(
                lower.startsWith(CONFIG) ? CONFIG + name.substring(CONFIG.length()) : CONFIG + name, Kind.PARAMETER);
    }

    /** Whether runs can be sorted by it: it has one value a run. */
    public boolean sortable() {
        return kind != Kind.WORDS;
    }
}
