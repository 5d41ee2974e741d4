package io.gradwatch.experiments.run;

import io.gradwatch.experiments.checkpoint.DataFingerprint;
import io.gradwatch.experiments.checkpoint.RunManifest;
import io.gradwatch.experiments.data.ImageData;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run is, for those who look at it later.
 *
 * @param id unique, see {@link RunNames}
 * @param name for people
 * @param tags to find it by
 * @param settings what it computes
 * @param data what it learns from
 * @param environment further options by their names on the command line, which do not change what is computed
 * @param versions of software and machine, see {@link Provenance}
 */
public record RunDescription(
        String id,
        String name,
        List<String> tags,
        TrainingSettings settings,
        ImageData data,
        Map<String, String> environment,
        Map<String, String> versions) {

    public RunDescription {
        tags = List.copyOf(tags);
        environment = Map.copyOf(environment);
        versions = Map.copyOf(versions);
    }

    /** Every option that was in force, by its name on the command line. */
    public Map<String, String> configuration() {
        Map<String, String> all = new TreeMap<>(settings.toOptions());
        all.putAll(environment);
        return all;
    }

    /** Threads of the computation as {@link #environment} tells them; 0 where it does not. */
    int threads() {
        String threads = environment.getOrDefault("threads", "");
        return threads.matches("\\d{1,9}") ? Integer.parseInt(threads) : 0;
    }

    /** What is kept on disk of the run, as its first attempt, started now. */
    RunManifest manifest() {
        return new RunManifest(
                RunManifest.FORMAT_VERSION,
                id,
                name,
                tags,
                settings.toOptions(),
                environment,
                new DataFingerprint(
                        data.name(),
                        data.sha256(),
                        data.train().size(),
                        data.validation().size(),
                        data.test().size()),
                1,
                Instant.now().toString(),
                null);
    }

    /** Steps of an epoch; the last one may be smaller than the others. */
    public int iterationsPerEpoch() {
        int batch = Math.min(settings.batchSize(), data.train().size());
        return (data.train().size() + batch - 1) / batch;
    }

    /** Steps of the whole run. */
    public long plannedIterations() {
        return Math.min(
                (long) iterationsPerEpoch() * settings.epochs(),
                settings.iterations().orElse(Long.MAX_VALUE));
    }
}
