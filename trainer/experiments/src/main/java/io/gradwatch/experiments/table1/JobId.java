package io.gradwatch.experiments.table1;

/**
 * What makes a run of the table the same run, whenever it is asked for.
 *
 * @param row name of the row
 * @param seed of the run
 * @param fingerprint of its {@link Conditions}
 */
public record JobId(String row, long seed, String fingerprint) {}
