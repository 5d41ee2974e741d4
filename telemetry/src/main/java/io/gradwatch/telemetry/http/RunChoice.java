package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The runs that a request is about. */
final class RunChoice {
    /** Most runs in a request. */
    static final int MOST = 20;

    private static final String FORM = "ids of 1 to " + MOST + " runs, separated by commas, each once";

    private RunChoice() {}

    static RunExtent run(RunQueries runs, String id) {
        return runs.extent(id).orElseThrow(() -> ApiProblem.unknownRun(id));
    }

    /** The parameter {@code runs}. */
    static List<String> several(QueryParameters query) {
        String text = query.needed("runs", FORM);
        List<String> named = List.of(text.split(",", -1));
        Set<String> ids = new LinkedHashSet<>(named);
        if (ids.size() < named.size() || ids.contains("") || ids.size() > MOST) {
            throw ApiProblem.badValue("runs", text, FORM);
        }
        return List.copyOf(ids);
    }
}
