package io.gradwatch.telemetry.rules.user;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects mistakes. For one thread. */
final class Problems {
    /** More are counted, not kept. */
    static final int MOST = 100;

    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private int more;

    Problems(String file) {
        this.file = file;
    }

    void at(Node node, String message) {
        at(node.line(), node.column(), message);
    }

    void at(int line, int column, String message) {
        if (found.size() < MOST) {
            found.add(new Problem(file, line, column, message));
        } else {
            more++;
        }
    }

    int count() {
        return found.size() + more;
    }

    /** In the order of the file. */
    List<Problem> all() {
        List<Problem> all = new ArrayList<>(found);
        all.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        if (more > 0) {
            Problem last = all.get(all.size() - 1);
            all.add(new Problem(file, last.line(), last.column(), "… and " + more + " further mistakes"));
        }
        return List.copyOf(all);
    }
}
