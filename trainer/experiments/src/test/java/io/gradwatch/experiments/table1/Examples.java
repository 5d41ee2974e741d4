package io.gradwatch.experiments.table1;

import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.run.LearningRateSchedule;
import io.gradwatch.experiments.run.TrainingSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Rows, runs and books for tests. */
final class Examples {
    static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    static final Row VGG08 = new Row(1, "vgg08", "vgg08", 100, 0.001, 0, 49.95, 55.24);
    static final Row VGG38 = new Row(2, "vgg38", "vgg38", 100, 0.001, 0, 1, 1);
    static final Row VGG38_BN = new Row(3, "vgg38-bn", "vgg38-bn", 100, 0.001, 0, 46.78, 54.20);
    static final Row VGG38_BN_512 = new Row(4, "vgg38-bn-b512", "vgg38-bn", 512, 0.001, 0, 46.49, 60.43);
    static final Row DECAYED =
            new Row(5, "vgg38-bn-resnet-b256-lr0.01-wd6e-4", "vgg38-bn-resnet", 256, 0.01, 0.0006, 57.67, 72.81);
    static final List<Row> ROWS = List.of(VGG08, VGG38, VGG38_BN, VGG38_BN_512, DECAYED);

    static final Conditions PAPER = new Conditions(100, "cifar-100", false, "", "aaaa");
    static final Conditions SHORT = new Conditions(5, "cifar-100", false, "", "bbbb");
    static final Conditions SMALL = new Conditions(1, "synthetic", true, "filters 2", "cccc");

    private Examples() {}

    static JobId id(Row row, long seed, Conditions conditions) {
        return new JobId(row.name(), seed, conditions.fingerprint());
    }

    static Job job(Row row, long seed, Conditions conditions) {
        TrainingSettings settings = new TrainingSettings(
                row.name(),
                NetworkSpec.plain(0),
                conditions.epochs(),
                OptionalLong.empty(),
                row.batchSize(),
                row.learningRate(),
                LearningRateSchedule.COSINE,
                row.weightDecay(),
                seed,
                Augmentation.NONE,
                1);
        return new Job(row, conditions, settings, 1000);
    }

    static Entry planned(Row row, long seed, Conditions conditions) {
        return new Entry.Planned(START, id(row, seed, conditions), conditions);
    }

    static Entry started(Row row, long seed, Conditions conditions) {
        return new Entry.Started(START.plusSeconds(1), id(row, seed, conditions), conditions, run(row, seed));
    }

    static Entry failed(Row row, long seed, Conditions conditions, String reason) {
        return new Entry.Failed(START.plusSeconds(2), id(row, seed, conditions), conditions, run(row, seed), reason);
    }

    static Entry finished(Row row, long seed, Conditions conditions, double testPercent, double trainPercent) {
        return new Entry.Finished(
                START.plusSeconds(3),
                id(row, seed, conditions),
                conditions,
                run(row, seed),
                new Figures(
                        conditions.epochs() - 1,
                        testPercent / 100,
                        2.25,
                        0.5,
                        2.125,
                        trainPercent / 100,
                        1.875,
                        conditions.epochs(),
                        475L * conditions.epochs()),
                Map.of("preset", row.name(), "batch", Integer.toString(row.batchSize())),
                Map.of("java", "17", "cpu", "a \"quick\" one"),
                80);
    }

    /** All that a table has to show: several seeds, one seed, short, synthetic, failed, unfinished, asked for, never. */
    static Book book() {
        List<Entry> entries = new ArrayList<>();
        double[] tests = {49.41, 50.02, 48.97, 49.88, 49.60};
        double[] trains = {55.10, 55.63, 54.81, 55.30, 55.02};
        for (int i = 0; i < tests.length; i++) {
            long seed = Selection.PAPER_SEEDS.get(i);
            entries.add(planned(VGG08, seed, PAPER));
            entries.add(started(VGG08, seed, PAPER));
            entries.add(finished(VGG08, seed, PAPER, tests[i], trains[i]));
        }
        entries.add(planned(VGG08, 0, SMALL));
        entries.add(finished(VGG08, 0, SMALL, 3.2, 2.6));
        entries.add(planned(VGG38, 0, SHORT));
        entries.add(finished(VGG38, 0, SHORT, 1, 0.97));
        entries.add(planned(VGG38, 100, SHORT));
        entries.add(started(VGG38, 100, SHORT));
        entries.add(planned(VGG38_BN, 0, PAPER));
        entries.add(started(VGG38_BN, 0, PAPER));
        entries.add(planned(VGG38_BN_512, 0, PAPER));
        entries.add(started(VGG38_BN_512, 0, PAPER));
        entries.add(failed(VGG38_BN_512, 0, PAPER, "no space left on device, \"/data\" | full"));
        return new Book(entries);
    }

    static Table table() {
        return Table.of(ROWS, book(), START, "0.1.0");
    }

    private static String run(Row row, long seed) {
        return "20261123-100000-" + row.name() + "-" + seed;
    }
}
