package io.gradwatch.benchmarks.drill;

import java.util.ArrayList;
import java.util.List;

/** The export of a run's iterations. Pure. */
final class Csv {
    private Csv() {}

    static List<Row> rows(String csv) {
        List<String> lines = csv.lines().toList();
        List<String> names = List.of(lines.get(0).split(",", -1));
        int attempt = names.indexOf("attempt");
        int iteration = names.indexOf("iteration");
        if (attempt < 0 || iteration < 0) {
            throw new IllegalArgumentException("no attempt and iteration among " + names);
        }
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",", -1);
            rows.add(new Row(Integer.parseInt(fields[attempt]), Long.parseLong(fields[iteration])));
        }
        return rows;
    }
}
