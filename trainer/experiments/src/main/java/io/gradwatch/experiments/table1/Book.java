package io.gradwatch.experiments.table1;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has become of the table's runs so far.
 *
 * @param entries in the order in which they were written
 */
public record Book(List<Entry> entries) {
    public static final Book EMPTY = new Book(List.of());

    public Book {
        entries = List.copyOf(entries);
    }

    /** This book and one entry more. */
    public Book with(Entry entry) {
        List<Entry> longer = new ArrayList<>(entries);
        longer.add(entry);
        return new Book(longer);
    }

    /** What a run has come to. */
    public Standing standing(JobId job) {
        return standings().getOrDefault(job, Standing.NEVER_ASKED_FOR);
    }

    /** What every run has come to that the book knows of, in the order in which they came to it. */
    public Map<JobId, Standing> standings() {
        Map<JobId, Standing> standings = new LinkedHashMap<>();
        for (Entry entry : entries) {
            standings.merge(
                    entry.job(), Standing.NEVER_ASKED_FOR.after(entry), (before, ignored) -> before.after(entry));
        }
        return standings;
    }

    /** All that finished, first come first. */
    public List<Entry.Finished> finished() {
        return standings().values().stream()
                .map(Standing::finished)
                .flatMap(Optional::stream)
                .toList();
    }
}
