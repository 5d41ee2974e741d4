package io.gradwatch.experiments.table1;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table beside the paper's.
 *
 * @param at when it was made
 * @param version of Gradwatch that made it
 * @param lines in the paper's order; a row that was trained under several conditions has several, the one most like the
 *     paper's first
 */
public record Table(Instant at, String version, List<Line> lines) {
    private static final Comparator<Conditions> LIKE_THE_PAPER_FIRST = Comparator.comparing(Conditions::likePaper)
            .thenComparing(Conditions::samePaperTask)
            .thenComparing(conditions -> !conditions.synthetic())
            .thenComparing(Conditions::epochs)
            .reversed()
            .thenComparing(Conditions::fingerprint);

    public Table {
        lines = List.copyOf(lines);
    }

    /** The table of {@code rows} as the book has it now. */
    public static Table of(List<Row> rows, Book book, Instant at, String version) {
        Map<JobId, Standing> standings = book.standings();
        List<Line> lines = new ArrayList<>();
        for (Row row : rows) {
            lines.addAll(linesOf(row, standings));
        }
        return new Table(at, version, lines);
    }

    private static List<Line> linesOf(Row row, Map<JobId, Standing> standings) {
        Map<String, List<Standing>> byConditions = new LinkedHashMap<>();
        standings.forEach((job, standing) -> {
            if (job.row().equals(row.name())) {
                byConditions
                        .computeIfAbsent(job.fingerprint(), ignored -> new ArrayList<>())
                        .add(standing);
            }
        });
        if (byConditions.isEmpty()) {
            return List.of(new Line(row, Optional.empty(), List.of(), List.of(), 0, 0));
        }
        return byConditions.values().stream()
                .map(runs -> line(row, runs))
                .sorted(Comparator.comparing(line -> line.conditions().orElseThrow(), LIKE_THE_PAPER_FIRST))
                .toList();
    }

    private static Line line(Row row, List<Standing> runs) {
        return new Line(
                row,
                runs.get(0).conditions(),
                runs.stream()
                        .flatMap(run -> run.finished().stream())
                        .sorted(Comparator.comparing(run -> run.job().seed()))
                        .toList(),
                runs.stream()
                        .flatMap(run -> run.failure().stream())
                        .sorted(Comparator.comparing(run -> run.job().seed()))
                        .toList(),
                (int) runs.stream().filter(Standing::begun).count(),
                runs.size());
    }

    /** The caveats of all lines, each once. */
    List<Caveat> caveats() {
        return List.of(Caveat.values()).stream()
                .filter(caveat -> lines.stream().anyMatch(line -> line.caveats().contains(caveat)))
                .toList();
    }

    /** All runs that have failed, in the order of the lines. */
    List<Entry.Failed> failures() {
        return lines.stream().flatMap(line -> line.failed().stream()).toList();
    }
}
