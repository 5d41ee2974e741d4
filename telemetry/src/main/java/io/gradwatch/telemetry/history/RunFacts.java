package io.gradwatch.telemetry.history;

import io.gradwatch.contract.v1.Dataset;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunStarted;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run can be found and sorted by beside its columns, as text: configuration parameters under {@code config.NAME},
 * everything else under the name that the query language has for it. What is not known has no entry.
 */
final class RunFacts {
    private RunFacts() {}

    static Map<String, String> of(RunStarted s, @Nullable Result result) {
        Map<String, String> facts = new TreeMap<>();
        s.getConfigurationMap().forEach((name, value) -> facts.put("config." + name, value));
        facts.put("seed", Long.toString(s.getSeed()));
        known(facts, "batch", Integer.toUnsignedLong(s.getBatchSize()));
        known(facts, "planned_epochs", Integer.toUnsignedLong(s.getPlannedEpochs()));
        known(facts, "planned_iterations", s.getPlannedIterations());
        known(facts, "classes", Integer.toUnsignedLong(s.getClasses()));
        known(facts, "parameters", s.getParameters());
        known(facts, "layers", s.getLayersCount());
        facts.put("batch_norms", Integer.toString(s.getBatchNormsCount()));
        text(facts, "host", s.getHost());
        if (s.hasDataset()) {
            Dataset d = s.getDataset();
            text(facts, "dataset", d.getName());
            facts.put("synthetic", Boolean.toString(d.getSynthetic()));
        }
        if (result != null) {
            facts.put("best_epoch", Integer.toUnsignedString(result.getBestEpoch()));
            number(facts, "test_loss", result.hasTestLoss(), result.getTestLoss());
            number(facts, "test_accuracy", result.hasTestAccuracy(), result.getTestAccuracy());
            number(facts, "train_loss", result.hasTrainLoss(), result.getTrainLoss());
            number(facts, "train_accuracy", result.hasTrainAccuracy(), result.getTrainAccuracy());
        }
        return facts;
    }

    private static void known(Map<String, String> facts, String name, long value) {
        if (value != 0) {
            facts.put(name, Long.toUnsignedString(value));
        }
    }

    private static void text(Map<String, String> facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.put(name, value);
        }
    }

    private static void number(Map<String, String> facts, String name, boolean measured, float value) {
        if (measured) {
            facts.put(name, Float.toString(value));
        }
    }
}
