package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Dataset;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.runs.Sample;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.TreeMap;

/** Runs, their layers and their epochs as JSON. */
final class RunJson {
    private RunJson() {}

    static JsonObject run(RunSummary run) {
        RunStarted s = run.description().started();
        Alert.Severity worst = run.worstSeverity();
        return new JsonObject()
                .put("id", run.id())
                .put("name", run.name())
                .put("preset", s.getPreset())
                .put("state", run.phase().label())
                .put("attempt", run.description().attempt())
                .put("startedAt", JsonValues.time(run.startedAtMs()))
                .put("endedAt", JsonValues.time(run.endedAtMs()))
                .put("lastSeenAt", JsonValues.time(run.lastSeenMs()))
                .put("reason", run.reason())
                .put("iteration", run.iteration())
                .put("epoch", run.epoch())
                .put("loss", JsonValues.number(run.loss()))
                .put("accuracy", JsonValues.number(run.accuracy()))
                .put("learningRate", JsonValues.number(run.learningRate()))
                .put("dropped", run.dropped())
                .put("plannedEpochs", Integer.toUnsignedLong(s.getPlannedEpochs()))
                .put("plannedIterations", s.getPlannedIterations())
                .put("iterationsPerEpoch", Integer.toUnsignedLong(s.getIterationsPerEpoch()))
                .put("batchSize", Integer.toUnsignedLong(s.getBatchSize()))
                .put("seed", s.getSeed())
                .put("classes", Integer.toUnsignedLong(s.getClasses()))
                .put("parameters", s.getParameters())
                .put("validationLoss", JsonValues.number(run.validationLoss()))
                .put("validationAccuracy", JsonValues.number(run.validationAccuracy()))
                .put("bestValidationAccuracy", JsonValues.number(run.bestValidationAccuracy()))
                .put("layers", s.getLayersCount())
                .put("batchNorms", s.getBatchNormsCount())
                .put("dataset", s.hasDataset() ? dataset(s.getDataset()) : null)
                .put("configuration", new JsonObject(new TreeMap<>(s.getConfigurationMap())))
                .put("versions", new JsonObject(new TreeMap<>(s.getVersionsMap())))
                .put("host", s.getHost())
                .put("tags", array(run.tags()))
                .put("notes", run.notes())
                .put("labels", array(run.labels()))
                .put("announced", run.announced())
                .put("seq", run.seq())
                .put("firingAlerts", run.firingAlerts())
                .put("worstSeverity", worst == null ? null : worst.name().toLowerCase(Locale.ROOT))
                .put("attempts", attempts(run))
                .put("result", run.result() == null ? null : result(run.result()))
                .put("sampled", array(run.samples().stream().map(Sample::label).toList()));
    }

    private static JsonArray attempts(RunSummary run) {
        JsonArray attempts = new JsonArray();
        run.attempts()
                .forEach(a -> attempts.add(new JsonObject()
                        .put("attempt", a.attempt())
                        .put("firstIteration", a.firstIteration())
                        .put("lastIteration", a.lastIteration())
                        .put("iterations", a.records())));
        return attempts;
    }

    private static JsonObject result(Result r) {
        return new JsonObject()
                .put("bestEpoch", Integer.toUnsignedLong(r.getBestEpoch()))
                .put("validationLoss", JsonValues.number(r.hasValidationLoss() ? r.getValidationLoss() : null))
                .put(
                        "validationAccuracy",
                        JsonValues.number(r.hasValidationAccuracy() ? r.getValidationAccuracy() : null))
                .put("testLoss", JsonValues.number(r.hasTestLoss() ? r.getTestLoss() : null))
                .put("testAccuracy", JsonValues.number(r.hasTestAccuracy() ? r.getTestAccuracy() : null))
                .put("trainLoss", JsonValues.number(r.hasTrainLoss() ? r.getTrainLoss() : null))
                .put("trainAccuracy", JsonValues.number(r.hasTrainAccuracy() ? r.getTrainAccuracy() : null));
    }

    private static JsonObject dataset(Dataset d) {
        return new JsonObject()
                .put("name", d.getName())
                .put("synthetic", d.getSynthetic())
                .put("sha256", d.getSha256())
                .put("train", d.getTrain())
                .put("validation", d.getValidation())
                .put("test", d.getTest());
    }

    static JsonArray layers(RunStarted s) {
        JsonArray layers = new JsonArray();
        s.getLayersList().forEach(l -> {
            JsonArray shape = new JsonArray();
            l.getShapeList().forEach(n -> shape.add(Integer.toUnsignedLong(n)));
            layers.add(new JsonObject()
                    .put("index", l.getIndex())
                    .put("name", l.getName())
                    .put("type", l.getType())
                    .put("mainPath", l.getMainPath())
                    .put("block", l.getBlock())
                    .put("shape", shape));
        });
        return layers;
    }

    static JsonArray batchNorms(RunStarted s) {
        JsonArray batchNorms = new JsonArray();
        s.getBatchNormsList()
                .forEach(b -> batchNorms.add(new JsonObject()
                        .put("index", b.getIndex())
                        .put("name", b.getName())
                        .put("layer", b.getLayer())
                        .put("channels", Integer.toUnsignedLong(b.getChannels()))));
        return batchNorms;
    }

    static JsonObject epoch(EpochRecord record) {
        Epoch e = record.epoch();
        return new JsonObject()
                .put("epoch", Integer.toUnsignedLong(e.getEpoch()))
                .put("iteration", e.getIteration())
                .put("attempt", record.attempt())
                .put("at", JsonValues.time(record.producedAtMs()))
                .put("trainLoss", JsonValues.number(e.hasTrainLoss() ? e.getTrainLoss() : null))
                .put("trainAccuracy", JsonValues.number(e.hasTrainAccuracy() ? e.getTrainAccuracy() : null))
                .put("validationLoss", JsonValues.number(e.hasValidationLoss() ? e.getValidationLoss() : null))
                .put(
                        "validationAccuracy",
                        JsonValues.number(e.hasValidationAccuracy() ? e.getValidationAccuracy() : null))
                .put("learningRate", JsonValues.number(e.hasLearningRate() ? e.getLearningRate() : null))
                .put("durationMs", JsonValues.number(e.hasDurationMs() ? e.getDurationMs() : null))
                .put("testLoss", JsonValues.number(e.hasTestLoss() ? e.getTestLoss() : null))
                .put("testAccuracy", JsonValues.number(e.hasTestAccuracy() ? e.getTestAccuracy() : null));
    }

    static JsonArray array(Iterable<?> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }
}
