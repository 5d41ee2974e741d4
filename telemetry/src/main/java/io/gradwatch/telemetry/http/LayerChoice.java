package io.gradwatch.telemetry.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The parameter {@code layer}: an index, a list of them, or all. */
record LayerChoice(String text) {
    static final String FORM = "an index, a list of them such as 0,5,37, or *";

    /** What is given; empty without the parameter. */
    static Optional<LayerChoice> of(QueryParameters query) {
        Optional<String> layer = query.text("layer");
        layer.filter(text -> !text.matches("\\*|[0-9]{1,9}(,[0-9]{1,9})*")).ifPresent(text -> {
            throw ApiProblem.badValue("layer", text, FORM);
        });
        return layer.map(LayerChoice::new);
    }

    /**
     * The layers that are meant, in the order in which they are named.
     *
     * @param known how many the run has
     * @param what of them is asked for, for messages
     */
    List<Integer> among(int known, String what) {
        if (text.equals("*")) {
            return IntStream.range(0, known).boxed().toList();
        }
        Set<Integer> layers = new LinkedHashSet<>();
        for (String index : text.split(",", -1)) {
            int layer = Integer.parseInt(index);
            if (layer >= known) {
                throw ApiProblem.badValue(
                        "layer",
                        index,
                        known == 0 ? "nothing: this run has none for " + what : "0 to " + (known - 1) + " for " + what);
            }
            layers.add(layer);
        }
        return List.copyOf(layers);
    }
}
