package io.gradwatch.launcher.terminal;

import java.util.ArrayList;
import java.util.List;

/** Rows of text with aligned columns, two spaces apart. */
public final class Table {
    /** Where a column's texts stand. */
    public enum Align {
        LEFT,
        RIGHT
    }

    private final List<Align> alignments = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a column; all of them before the first row. */
    public Table column(String title, Align align) {
        if (rows.isEmpty()) {
            rows.add(new ArrayList<>());
        }
        rows.get(0).add(title);
        alignments.add(align);
        return this;
    }

    /** Adds a row with one text per column. */
    public void row(String... cells) {
        if (cells.length != alignments.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + alignments.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /** The title row and the rows, without spaces at their ends. */
    public List<String> lines() {
        int[] widths = new int[alignments.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : "  ");
            line.append(alignments.get(i) == Align.RIGHT ? padding + row.get(i) : row.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }
}
