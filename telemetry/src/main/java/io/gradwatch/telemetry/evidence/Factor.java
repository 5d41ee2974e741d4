package io.gradwatch.telemetry.evidence;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** In what networks and their training differ, one thing at a time. */
enum Factor {
    BATCH_NORM("bn", "batch normalisation"),
    SKIP("skip", "skip connections"),
    INITIALISATION("init", "initialisation"),
    DEPTH("depth-blocks", "depth"),
    LEARNING_RATE("lr", "learning rate"),
    ACTIVATION("activation", "activation");

    private final String option;
    private final String words;

    Factor(String option, String words) {
        this.option = option;
        this.words = words;
    }

    /** Its name on the command line and in a run's configuration. */
    String option() {
        return option;
    }

    String words() {
        return words;
    }

    static Optional<Factor> ofOption(String option) {
        for (Factor factor : values()) {
            if (factor.option.equals(option)) {
                return Optional.of(factor);
            }
        }
        return Optional.empty();
    }

    /** "batch normalisation: none → before". */
    String change(Map<String, String> from, Map<String, String> to) {
        return words + ": " + shown(from.get(option)) + " → " + shown(to.get(option));
    }

    private String shown(@Nullable String value) {
        if (value == null) {
            return "none";
        }
        return this == DEPTH ? value + (value.equals("1") ? " block a stage" : " blocks a stage") : value;
    }
}
