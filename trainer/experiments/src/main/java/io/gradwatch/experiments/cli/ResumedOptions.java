package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.checkpoint.RunManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The options of a run that goes on: its own, read again, with the few that may be others now. */
final class ResumedOptions {
    private static final String PRESET = "preset";
    private static final Set<String> ACCEPTED = Set.of(
            "--resume",
            "--activations-every",
            "--backend",
            "--checkpoint",
            "--curvature-every",
            "--data",
            "--data-dir",
            "--histograms-every",
            "--kafka",
            "--kafka-config",
            "--keep-checkpoints",
            "--name",
            "--shattering-every",
            "--threads");

    private ResumedOptions() {}

    /**
     * What the run needs to know.
     *
     * @param given the options beside {@code --resume}
     * @param typed what of them was typed
     * @throws UsageException with everything that is wrong
     */
    static TrainOptions.Request read(
            TrainOptions given, ParseResult typed, RunManifest manifest, Map<String, String> environment)
            throws UsageException {
        refuse(given, typed, manifest);
        TrainOptions own = parse(manifest);
        own.resume = given.resume;
        own.checkpoint = given.checkpoint;
        own.data = given.data == null ? manifest.environment().get("data") : given.data;
        own.dataDir = given.dataDir;
        own.kafka = given.kafka;
        own.kafkaConfig = given.kafkaConfig;
        own.keepCheckpoints = given.keepCheckpoints;
        own.name = given.name == null ? manifest.name() : given.name;
        own.tags = manifest.tags();
        given.sampling.orElse(manifest.environment());
        own.sampling = given.sampling;
        own.backend = given.backend;
        own.threads = given.threads == null ? manifest.environment().get("threads") : given.threads;
        return own.read(environment);
    }

    private static void refuse(TrainOptions given, ParseResult typed, RunManifest manifest) throws UsageException {
        Problems problems = new Problems();
        String preset = manifest.options().getOrDefault(PRESET, "");
        if (given.preset != null && !given.preset.equalsIgnoreCase(preset)) {
            problems.add(given.preset + " together with --resume: the run is of " + preset + ", leave the preset out");
        }
        for (OptionSpec option : typed.matchedOptions()) {
            String name = option.longestName();
            if (ACCEPTED.contains(name)) {
                continue;
            }
            String own = manifest.options().get(name.substring(2));
            String why = name.equals("--epochs")
                    ? "the learning rate's schedule spans the epochs that the run began with (" + own
                            + "); more epochs are another run"
                    : "the run goes on with its own settings" + (own == null ? "" : " (" + own + ")");
            problems.add(name + " together with --resume: " + why + ", leave it out");
        }
        problems.throwIfAny();
    }

    private static TrainOptions parse(RunManifest manifest) throws UsageException {
        List<String> arguments = new ArrayList<>();
        manifest.options()
                .forEach((name, value) -> arguments.add(name.equals(PRESET) ? value : "--" + name + "=" + value));
        TrainOptions own = new TrainOptions();
        try {
            new CommandLine(own).parseArgs(arguments.toArray(new String[0]));
        } catch (ParameterException e) {
            throw new UsageException(List.of("run " + manifest.runId()
                    + " was started with options that this Gradwatch does not know: " + e.getMessage()));
        }
        return own;
    }
}
