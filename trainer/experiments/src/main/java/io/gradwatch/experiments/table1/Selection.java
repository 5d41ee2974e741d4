package io.gradwatch.experiments.table1;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads which rows and which seeds are wanted. */
public final class Selection {
    /** The seeds of the paper. */
    public static final List<Long> PAPER_SEEDS = List.of(0L, 100L, 550L, 1000L, 40_000L);

    private static final int MOST_SEEDS = 1000;
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})(?:\\s*-\\s*(\\d{1,4}))?");

    private Selection() {}

    /**
     * The rows that {@code text} names, each once, in the order of the text: "all", or names, numbers and ranges of
     * numbers separated by commas.
     *
     * @throws IllegalArgumentException naming the part that is wrong and what is accepted
     */
    public static List<Row> rows(String text, List<Row> all) {
        if (text.strip().equalsIgnoreCase("all")) {
            return all;
        }
        Set<Row> chosen = new LinkedHashSet<>();
        for (String part : text.split(",", -1)) {
            chosen.addAll(rowsOf(part.strip(), all));
        }
        return List.copyOf(chosen);
    }

    private static List<Row> rowsOf(String part, List<Row> all) {
        Matcher numbers = NUMBERS.matcher(part);
        if (numbers.matches()) {
            int from = Integer.parseInt(numbers.group(1));
            int to = numbers.group(2) == null ? from : Integer.parseInt(numbers.group(2));
            if (from >= 1 && to >= from && to <= all.size()) {
                return all.subList(from - 1, to);
            }
        }
        return all.stream()
                .filter(row -> row.name().equals(part.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new IllegalArgumentException("no row \"" + part
                        + "\": accepted are all, or, separated by commas, numbers of 1 to " + all.size()
                        + ", ranges such as 1-3, and "
                        + all.stream().map(Row::name).collect(Collectors.joining(", "))));
    }

    /**
     * The seeds that {@code text} names, each once, in the order of the text: whole numbers separated by commas. A number
     * of 1 to 5 that stands alone is a count: so many of the paper's seeds, from the first one on.
     *
     * @throws IllegalArgumentException naming the part that is wrong and what is accepted
     */
    public static List<Long> seeds(String text) {
        String[] parts = text.strip().split(",", -1);
        if (parts.length == 1) {
            long only = seed(parts[0]);
            return only >= 1 && only <= PAPER_SEEDS.size() ? PAPER_SEEDS.subList(0, (int) only) : List.of(only);
        }
        List<String> named = new ArrayList<>(List.of(parts));
        if (named.get(named.size() - 1).isBlank()) {
            named.remove(named.size() - 1); // "3," is the seed 3
        }
        Set<Long> seeds = new LinkedHashSet<>();
        named.forEach(part -> seeds.add(seed(part)));
        if (seeds.size() > MOST_SEEDS) {
            throw new IllegalArgumentException(seeds.size() + " seeds: accepted are up to " + MOST_SEEDS);
        }
        return List.copyOf(seeds);
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "\"" + text.strip()
                            + "\" is no seed: accepted are whole numbers separated by commas, or a count of 1"
                            + " to " + PAPER_SEEDS.size() + " of the paper's seeds "
                            + PAPER_SEEDS.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                    e);
        }
    }
}
