package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What runs have in common and in what they differ: one row a parameter or result, one value a run. Pure. */
final class RunComparison {
    /** Runs in one table. */
    static final int MOST_RUNS = 8;

    private final List<RunSummary> runs;
    private final JsonArray rows = new JsonArray();
    private final Set<String> named = new HashSet<>();
    private int equal;

    private RunComparison(List<RunSummary> runs) {
        this.runs = runs;
    }

    /**
     * The table.
     *
     * @param all rows whose values are all equal, too
     */
    static JsonObject of(List<RunSummary> runs, boolean all) {
        RunComparison table = new RunComparison(runs);
        table.parameters(all);
        table.results(all);
        table.versions(all);
        JsonArray heads = new JsonArray();
        runs.forEach(run -> heads.add(new JsonObject()
                .put("id", run.id())
                .put("name", run.name())
                .put("state", run.phase().label())
                .put("tags", RunJson.array(run.tags()))));
        return new JsonObject().put("runs", heads).put("rows", table.rows).put("equal", table.equal);
    }

    private void parameters(boolean all) {
        Set<String> names = new TreeSet<>();
        runs.forEach(run ->
                names.addAll(run.description().started().getConfigurationMap().keySet()));
        names.remove("preset"); // trainers of this project say it there, too
        row(all, "parameter", "preset", run -> {
            String preset = text(started(run).getPreset());
            return preset == null ? started(run).getConfigurationMap().get("preset") : preset;
        });
        for (String name : names) {
            row(
                    all,
                    "parameter",
                    name,
                    run -> started(run).getConfigurationMap().get(name));
        }
        // unless the configuration has them under the same name
        Map<String, Function<RunSummary, @Nullable Object>> more = new LinkedHashMap<>();
        more.put("batch", run -> known(Integer.toUnsignedLong(started(run).getBatchSize())));
        more.put("seed", run -> started(run).getSeed());
        more.put(
                "planned_epochs",
                run -> known(Integer.toUnsignedLong(started(run).getPlannedEpochs())));
        more.put("planned_iterations", run -> known(started(run).getPlannedIterations()));
        more.put("dataset", run -> text(started(run).getDataset().getName()));
        more.put(
                "synthetic",
                run -> started(run).hasDataset() ? started(run).getDataset().getSynthetic() : null);
        more.put("dataset_sha256", run -> text(started(run).getDataset().getSha256()));
        more.put("classes", run -> known(Integer.toUnsignedLong(started(run).getClasses())));
        more.put("parameters", run -> known(started(run).getParameters()));
        more.put("layers", run -> known(started(run).getLayersCount()));
        more.put("batch_norms", run -> started(run).getBatchNormsCount());
        more.forEach((name, value) -> {
            if (!named.contains(name)) {
                row(all, "parameter", name, value);
            }
        });
    }

    private void results(boolean all) {
        row(all, "result", "state", run -> run.phase().label());
        row(all, "result", "attempt", run -> run.description().attempt());
        row(all, "result", "iteration", RunSummary::iteration);
        row(all, "result", "epoch", RunSummary::epoch);
        row(all, "result", "loss", run -> JsonValues.number(run.loss()));
        row(all, "result", "accuracy", run -> JsonValues.number(run.accuracy()));
        row(all, "result", "validation_loss", run -> JsonValues.number(run.validationLoss()));
        row(all, "result", "validation_accuracy", run -> JsonValues.number(run.validationAccuracy()));
        row(all, "result", "best_accuracy", run -> JsonValues.number(run.bestValidationAccuracy()));
        result(all, "best_epoch", r -> Integer.toUnsignedLong(r.getBestEpoch()));
        result(all, "test_loss", r -> r.hasTestLoss() ? JsonValues.number(r.getTestLoss()) : null);
        result(all, "test_accuracy", r -> r.hasTestAccuracy() ? JsonValues.number(r.getTestAccuracy()) : null);
        result(all, "train_loss", r -> r.hasTrainLoss() ? JsonValues.number(r.getTrainLoss()) : null);
        result(all, "train_accuracy", r -> r.hasTrainAccuracy() ? JsonValues.number(r.getTrainAccuracy()) : null);
        row(all, "result", "duration_ms", run -> {
            Long ended = run.endedAtMs();
            return (ended == null ? run.lastSeenMs() : ended) - run.startedAtMs();
        });
        row(all, "result", "dropped", RunSummary::dropped);
        row(all, "result", "firing", RunSummary::firingAlerts);
    }

    private void result(boolean all, String name, Function<Result, @Nullable Object> value) {
        row(all, "result", name, run -> {
            Result result = run.result();
            return result == null ? null : value.apply(result);
        });
    }

    private void versions(boolean all) {
        Set<String> names = new TreeSet<>();
        runs.forEach(run -> names.addAll(started(run).getVersionsMap().keySet()));
        for (String name : names) {
            row(all, "version", name, run -> started(run).getVersionsMap().get(name));
        }
        row(all, "version", "host", run -> text(started(run).getHost()));
    }

    private void row(boolean all, String group, String name, Function<RunSummary, @Nullable Object> value) {
        named.add(name);
        List<@Nullable Object> values = new ArrayList<>();
        runs.forEach(run -> values.add(value.apply(run)));
        boolean differs = new HashSet<>(values).size() > 1;
        if (!differs) {
            equal++;
        }
        if (differs || all) {
            JsonArray array = new JsonArray();
            values.forEach(array::add);
            rows.add(new JsonObject()
                    .put("group", group)
                    .put("name", name)
                    .put("differs", differs)
                    .put("values", array));
        }
    }

    private static RunStarted started(RunSummary run) {
        return run.description().started();
    }

    private static @Nullable String text(String text) {
        return text.isEmpty() ? null : text;
    }

    private static @Nullable Long known(long number) {
        return number == 0 ? null : number;
    }
}
