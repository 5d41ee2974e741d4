package io.gradwatch.benchmarks.drill;

import java.util.Comparator;

/** One record of an iteration, as log and history tell of it. */
record Row(int attempt, long iteration) implements Comparable<Row> {
    private static final Comparator<Row> ORDER =
            Comparator.comparingInt(Row::attempt).thenComparingLong(Row::iteration);

    @Override
    public int compareTo(Row other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return iteration + (attempt == 1 ? "" : " of attempt " + attempt);
    }
}
