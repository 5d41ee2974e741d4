package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.experiments.run.LearningRateSchedule;
import io.gradwatch.experiments.run.TrainingSettings;
import io.gradwatch.experiments.table1.Conditions;
import io.gradwatch.experiments.table1.Fingerprint;
import io.gradwatch.experiments.table1.Job;
import io.gradwatch.experiments.table1.Plan;
import io.gradwatch.experiments.table1.Row;
import java.util.OptionalLong;

/** Makes the plan: every row with the settings that {@code train} would use for its preset. */
final class Table1Jobs {
    private Table1Jobs() {}

    /** @param data the images, whatever their seed: all seeds have equally many */
    static Plan plan(Table1Options.Training request, ImageData data) {
        return Plan.of(request.rows(), request.seeds(), (row, seed) -> job(row, seed, request, data));
    }

    private static Job job(Row row, long seed, Table1Options.Training request, ImageData data) {
        Preset preset = Preset.named(row.name());
        NetworkSpec spec = preset.spec();
        int filters = request.filters().orElse(spec.filters());
        TrainingSettings settings = new TrainingSettings(
                preset.name(),
                spec.withFilters(filters),
                request.epochs(),
                OptionalLong.empty(),
                preset.batchSize(),
                preset.learningRate(),
                LearningRateSchedule.COSINE,
                preset.weightDecay(),
                seed,
                new Augmentation(true, TrainOptions.DEFAULT_NOISE),
                1);
        Conditions conditions = new Conditions(
                request.epochs(),
                data.name(),
                data.synthetic(),
                filters == spec.filters() ? "" : "filters " + filters,
                Fingerprint.of(settings.toOptions(), data.name(), data.sha256()));
        int images = data.train().size();
        int batch = Math.min(settings.batchSize(), images);
        return new Job(row, conditions, settings, (long) request.epochs() * ((images + batch - 1) / batch));
    }
}
