package io.gradwatch.experiments.table1;

import io.gradwatch.experiments.run.TrainingSettings;

/**
 * One run of the table.
 *
 * @param row of the paper
 * @param conditions it is trained under
 * @param settings the same in full, with the seed
 * @param iterations of the whole run
 */
public record Job(Row row, Conditions conditions, TrainingSettings settings, long iterations) {
    public JobId id() {
        return new JobId(row.name(), seed(), conditions.fingerprint());
    }

    public long seed() {
        return settings.seed();
    }

    /** For people, and for the run list: "Table 1 row 5: vgg38-bn seed 100". */
    public String title() {
        return "Table 1 row " + row.number() + ": " + row.name() + " seed " + seed();
    }
}
