package io.gradwatch.experiments.table1;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan for a terminal: what will be trained, and how long that takes. */
public final class PlanText {
    private PlanText() {}

    /** Lines of at most {@code width} characters, if names allow it; without line ends. */
    public static List<String> lines(Plan plan, Book book, Paces paces, int width) {
        List<Job> todo = plan.toTrain(book);
        List<String> lines = new ArrayList<>(Text.folded(summary(plan, book, todo), width));
        if (todo.isEmpty()) {
            return lines;
        }
        Grid grid = new Grid("rlrrrrrr");
        grid.add("#", "network", "batch", "lr", "decay", "to train", "one run", "all");
        byRow(plan).forEach((row, jobs) -> {
            List<Job> left = jobs.stream().filter(todo::contains).toList();
            grid.add(
                    Integer.toString(row.number()),
                    row.network(),
                    Integer.toString(row.batchSize()),
                    Text.plain(row.learningRate()),
                    Text.plain(row.weightDecay()),
                    left.size() + "/" + jobs.size(),
                    about(paces.of(jobs.subList(0, 1))),
                    left.isEmpty() ? Text.NONE : about(paces.of(left)));
        });
        lines.addAll(grid.lines());
        lines.addAll(Text.folded(total(paces.of(todo)), width));
        return lines;
    }

    /** "~3 d 4 h", or what there is to say instead. */
    public static String about(Optional<Paces.Estimate> estimate) {
        return estimate.map(known -> "~" + Text.span(known.span())).orElse("?");
    }

    private static Map<Row, List<Job>> byRow(Plan plan) {
        Map<Row, List<Job>> byRow = new LinkedHashMap<>();
        plan.jobs()
                .forEach(job -> byRow.computeIfAbsent(job.row(), ignored -> new ArrayList<>())
                        .add(job));
        return byRow;
    }

    private static String summary(Plan plan, Book book, List<Job> todo) {
        int begun = 0;
        int failed = 0;
        for (Job job : todo) {
            Standing standing = book.standing(job.id());
            begun += standing.begun() ? 1 : 0;
            failed += standing.failure().isPresent() ? 1 : 0;
        }
        List<String> parts = new ArrayList<>();
        parts.add((plan.jobs().size() - todo.size()) + " finished");
        if (begun > 0) {
            parts.add(begun + " to go on with");
        }
        if (failed > 0) {
            parts.add(failed + " that failed, to try again");
        }
        parts.add((todo.size() - begun - failed) + " to begin");
        List<Long> seeds = plan.jobs().stream().map(Job::seed).distinct().toList();
        int rows = byRow(plan).size();
        int epochs = plan.jobs().get(0).conditions().epochs();
        return "plan: " + counted(rows, "row") + " × " + counted(seeds.size(), "seed") + " ("
                + shortened(seeds) + ") × " + counted(epochs, "epoch") + " = "
                + counted(plan.jobs().size(), "run") + ": " + String.join(", ", parts);
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String shortened(List<Long> seeds) {
        String first = String.join(
                ", ", seeds.stream().limit(8).map(seed -> Long.toString(seed)).toList());
        return seeds.size() > 8 ? first + ", …" : first;
    }

    private static String total(Optional<Paces.Estimate> estimate) {
        if (estimate.isEmpty()) {
            return "time left: not known before a run of each changed network has been measured";
        }
        return "time left: " + about(estimate)
                + (estimate.get().measured()
                        ? ", as measured here"
                        : ", in part guessed from another machine with 2 cores; told more exactly as runs are measured");
    }
}
