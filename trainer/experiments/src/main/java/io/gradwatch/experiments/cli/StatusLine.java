package io.gradwatch.experiments.cli;

import java.io.PrintWriter;

/** A line that is rewritten in place, with other lines scrolling by above it. Not thread-safe. */
final class StatusLine {
    private final PrintWriter out;
    private boolean shown;

    StatusLine(PrintWriter out) {
        this.out = out;
    }

    /** Shows {@code text} in place of the last one. */
    void show(String text) {
        out.print("\r" + text + "\u001b[K");
        out.flush();
        shown = true;
    }

    /** Prints a line that stays; the status line is gone until it is shown again. */
    void print(String text) {
        clear();
        out.println(text);
        out.flush();
    }

    /** Takes the line away. */
    void clear() {
        if (shown) {
            out.print("\r\u001b[K");
            out.flush();
            shown = false;
        }
    }
}
