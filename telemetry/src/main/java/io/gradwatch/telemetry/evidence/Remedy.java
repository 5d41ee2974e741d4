package io.gradwatch.telemetry.evidence;

import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.evidence.Card.Suggestion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Something to try: a change of options for the networks of this project, words for any other model. */
enum Remedy {
    BATCH_NORM(
            "Add batch normalisation",
            "It gives every layer an input of the same scale, and keeps the gradient alive on its way down.",
            "Put a BatchNormalization layer between every convolution (without its activation) and its ActivationLayer."),
    SKIP(
            "Add skip connections",
            "The gradient has a way around every block.",
            "Add the input of every second or third layer to its output with an ElementWiseVertex(Op.Add), before the"
                    + " activation."),
    BOTH(
            "Add batch normalisation and skip connections",
            "The paper's best network has both.",
            "Put a BatchNormalization layer before every activation, and add the input of every block to its output with"
                    + " an ElementWiseVertex(Op.Add)."),
    HE(
            "Initialise after He",
            "Weights large enough for the signal not to shrink from layer to layer.",
            "Set weightInit(WeightInit.RELU) on the network's configuration."),
    SMALLER_STEPS(
            "A tenth of the learning rate",
            "Smaller steps, everything else as it was.",
            "Divide the learning rate of the updater by ten, best from a checkpoint before the trouble."),
    LARGER_STEPS(
            "Ten times the learning rate",
            "Larger steps, everything else as it was.",
            "Multiply the learning rate of the updater by ten."),
    SHALLOWER(
            "Fewer layers",
            "The paper's network of eight layers trains without any help.",
            "Take layers out until the alert does not come: that tells how deep this network may be as it is."),
    CLIP(
            "Clip gradients",
            "A single large gradient cannot throw the weights far.",
            "Set gradientNormalization(GradientNormalization.ClipL2PerLayer) and gradientNormalizationThreshold(1.0)."),
    LEAKY_RELU(
            "Leaky ReLU",
            "A unit that sees only negative values still gets a gradient.",
            "Use Activation.LEAKYRELU in place of RELU, or of a saturating function."),
    LARGER_BATCH(
            "Larger batches",
            "Batch statistics of more images are steadier.",
            "Give the iterator more examples a batch; below 16, batch normalisation is of little use."),
    WEIGHT_DECAY(
            "Weight decay",
            "Weights that the task does not need shrink. With 1e-4 the paper's best row reaches 61.81 %.",
            "Set l2(1e-4) on the network's configuration."),
    AUGMENTATION(
            "Augment the images",
            "Cropped and mirrored images are not learnt by heart as fast.",
            "Crop and mirror training images at random in the iterator."),
    COSINE(
            "Let the learning rate fall",
            "Steps that become smaller go further down where constant ones only wander about.",
            "Give the updater a schedule, for example a cosine or a step schedule."),
    CHECK_LABELS(
            "Look at images and labels",
            "A network that guesses may be fed labels that have nothing to do with its images.",
            "Train on a hundred examples alone: a sound network learns them by heart."),
    RESUME(
            "Go on from before it",
            "A checkpoint from before the first NaN has weights that are still numbers.",
            "Restore the newest checkpoint from before it, with a smaller learning rate."),
    CHECK_PROCESS(
            "Look at the process",
            "A process that was killed leaves no word; one that hangs still takes memory, but no processor.",
            "On the run's machine, see whether it is there and what it says: for lack of memory the system kills without a"
                    + " message of the program's own (dmesg tells)."),
    RESUME_RUN(
            "Go on with it",
            "What died goes on from its newest checkpoint, and stays one curve.",
            "Restore the newest checkpoint and go on under the same run id, with the next attempt."),
    CHECK_BROKER(
            "Look at Kafka and the disk",
            "The queue was full, so the brokers were slower than the training, or away.",
            "See whether the broker's disk is full or slow; a larger queue of the listener bridges longer pauses.");

    private final String title;
    private final String why;
    private final String inWords;

    Remedy(String title, String why, String inWords) {
        this.title = title;
        this.why = why;
        this.inWords = inWords;
    }

    /** With a command where one does it; empty where the run has it already, or it cannot be done. */
    Optional<Suggestion> of(RunStarted run) {
        if (!Commands.canTrain(run)) {
            return hasAlready(run) ? Optional.empty() : Optional.of(new Suggestion(title, inWords, Optional.empty()));
        }
        Optional<Map<String, String>> changes = changes(run);
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        if (changes.get().isEmpty()) {
            return Optional.of(new Suggestion(title, why + " " + forCommands(), Optional.empty()));
        }
        return Commands.train(run, changes.get()).map(command -> new Suggestion(title, why, Optional.of(command)));
    }

    private String forCommands() {
        return switch (this) {
            case RESUME, RESUME_RUN ->
                "./gradwatch train --resume RUN goes on from a run's newest checkpoint, with --checkpoint from an older"
                        + " one.";
            default -> inWords;
        };
    }

    /** Of a model that is known by its layers alone. */
    private boolean hasAlready(RunStarted run) {
        return switch (this) {
            case BATCH_NORM, BOTH -> run.getBatchNormsCount() > 0;
            case SKIP -> run.getLayersList().stream().anyMatch(l -> !l.getMainPath());
            default -> false;
        };
    }

    /** The options to change; empty map: none, there are only words; empty: there is nothing to do. */
    private Optional<Map<String, String>> changes(RunStarted run) {
        Map<String, String> options = run.getConfigurationMap();
        boolean normalised = !options.getOrDefault("bn", "none").matches("none|entry");
        boolean skips = !options.getOrDefault("skip", "none").equals("none");
        return switch (this) {
            case BATCH_NORM -> normalised ? Optional.empty() : Optional.of(Map.of("bn", "before"));
            case SKIP -> skips || !options.containsKey("skip") ? Optional.empty() : Optional.of(Map.of("skip", "conv"));
            case BOTH ->
                normalised || skips || !options.containsKey("skip")
                        ? Optional.empty()
                        : Optional.of(Map.of("bn", "before", "skip", "conv"));
            case HE -> "he".equals(options.get("init")) ? Optional.empty() : Optional.of(Map.of("init", "he"));
            case SMALLER_STEPS -> Commands.rate(run, 0.1).map(rate -> Map.of("lr", rate));
            case LARGER_STEPS -> Commands.rate(run, 10).map(rate -> Map.of("lr", rate));
            case SHALLOWER ->
                Options.number(options.get("depth-blocks")) > 0 && options.containsKey("skip")
                        ? Optional.of(Map.of("depth-blocks", "0"))
                        : Optional.empty();
            case LEAKY_RELU ->
                "leaky-relu".equals(options.get("activation"))
                        ? Optional.empty()
                        : Optional.of(Map.of("activation", "leaky-relu"));
            case LARGER_BATCH -> {
                double batch = Options.number(options.get("batch"));
                yield batch > 0 && batch < 256
                        ? Optional.of(Map.of("batch", Integer.toString((int) Math.max(32, 2 * batch))))
                        : Optional.empty();
            }
            case WEIGHT_DECAY ->
                Options.number(options.get("weight-decay")) == 0
                        ? Optional.of(Map.of("weight-decay", "1e-4"))
                        : Optional.empty();
            case AUGMENTATION ->
                "off".equals(options.get("augment")) ? Optional.of(Map.of("augment", "on")) : Optional.empty();
            case COSINE ->
                "constant".equals(options.get("schedule"))
                        ? Optional.of(Map.of("schedule", "cosine"))
                        : Optional.empty();
            case CLIP -> Optional.empty();
            case CHECK_LABELS, CHECK_PROCESS, RESUME, RESUME_RUN, CHECK_BROKER -> Optional.of(new LinkedHashMap<>());
        };
    }
}
