package io.gradwatch.experiments.table1;

import java.util.List;

/**
 * The runs that somebody asked for, in the order in which they are trained: all rows with the first seed, then all rows
 * with the second one, so that the whole table has figures early.
 */
public record Plan(List<Job> jobs) {
    public Plan {
        jobs = List.copyOf(jobs);
    }

    /** Makes a job of a row and a seed. */
    public interface JobMaker {
        Job make(Row row, long seed);
    }

    public static Plan of(List<Row> rows, List<Long> seeds, JobMaker maker) {
        return new Plan(seeds.stream()
                .flatMap(seed -> rows.stream().map(row -> maker.make(row, seed)))
                .toList());
    }

    /** Those that have not finished. */
    public List<Job> toTrain(Book book) {
        return jobs.stream()
                .filter(job -> book.standing(job.id()).finished().isEmpty())
                .toList();
    }
}
