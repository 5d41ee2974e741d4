package io.gradwatch.telemetry.evidence;

import java.util.List;
import java.util.Optional;

/**
 * What can be said of an alert.
 *
 * @param title the trouble in a few words
 * @param measured figures, the most telling first
 * @param meaning two plain sentences
 * @param evidence what changed it elsewhere, the strongest first; empty when nothing is known
 * @param suggestions what to try, the most promising first
 */
public record Card(
        String title,
        List<Figure> measured,
        List<String> meaning,
        List<Evidence> evidence,
        List<Suggestion> suggestions) {
    public Card {
        measured = List.copyOf(measured);
        meaning = List.copyOf(meaning);
        evidence = List.copyOf(evidence);
        suggestions = List.copyOf(suggestions);
    }

    /** A measured figure in words: "Lost on the way", "13.7 decades". */
    public record Figure(String name, String value) {}

    /** Where evidence comes from. */
    public enum Source {
        /** A run in this history. */
        RUN,
        /** Table 1 of the paper. */
        PAPER
    }

    /**
     * What happened elsewhere.
     *
     * @param factors in what it differs from the alert's run: "batch normalisation: none → before"
     * @param helped whether the trouble was not there
     * @param runId the run; empty for the paper
     * @param name of the run, or of the table's row
     * @param text what came of it, in a sentence
     */
    public record Evidence(
            Source source, List<String> factors, boolean helped, Optional<String> runId, String name, String text) {
        public Evidence {
            factors = List.copyOf(factors);
        }
    }

    /**
     * Something to try.
     *
     * @param title "Add batch normalisation"
     * @param text why, or how where there is no command
     * @param command ready to be typed; empty where there is none
     */
    public record Suggestion(String title, String text, Optional<String> command) {}
}
