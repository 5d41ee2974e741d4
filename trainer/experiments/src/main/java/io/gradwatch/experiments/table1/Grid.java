package io.gradwatch.experiments.table1;

import java.util.ArrayList;
import java.util.List;

/** Cells in columns as wide as their widest cell; those of the named columns stand left, the others right. */
final class Grid {
    private static final String GAP = "  ";

    private final boolean[] left;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param columns one character for each column: 'l' for left, 'r' for right */
    Grid(String columns) {
        left = new boolean[columns.length()];
        for (int i = 0; i < left.length; i++) {
            left[i] = columns.charAt(i) == 'l';
        }
    }

    void add(String... cells) {
        if (cells.length != left.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + left.length + " columns");
        }
        rows.add(List.of(cells));
    }

    /** One text for each row, in order, without blanks at the end. */
    List<String> lines() {
        int[] widths = new int[left.length];
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
            String blanks = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : GAP);
            line.append(left[i] ? row.get(i) + blanks : blanks + row.get(i));
        }
        return line.toString().stripTrailing();
    }
}
