package io.gradwatch.telemetry.evidence;

import java.util.List;
import java.util.Map;

/**
 * What is said of a rule's alerts, whatever run they are of.
 *
 * @param about factors that may have to do with it, the likeliest first
 * @param remedies what to try, the most promising first
 */
record RuleText(String title, String meaning, String consequence, List<Factor> about, List<Remedy> remedies) {
    private static final List<Factor> OF_VANISHING = List.of(
            Factor.BATCH_NORM,
            Factor.SKIP,
            Factor.INITIALISATION,
            Factor.DEPTH,
            Factor.ACTIVATION,
            Factor.LEARNING_RATE);
    private static final List<Factor> OF_STEPS = List.of(
            Factor.LEARNING_RATE,
            Factor.BATCH_NORM,
            Factor.INITIALISATION,
            Factor.SKIP,
            Factor.ACTIVATION,
            Factor.DEPTH);
    private static final List<Factor> OF_UNITS = List.of(
            Factor.ACTIVATION,
            Factor.BATCH_NORM,
            Factor.INITIALISATION,
            Factor.LEARNING_RATE,
            Factor.SKIP,
            Factor.DEPTH);
    private static final List<Remedy> AGAINST_VANISHING =
            List.of(Remedy.BOTH, Remedy.BATCH_NORM, Remedy.SKIP, Remedy.HE, Remedy.SHALLOWER);
    private static final List<Remedy> AGAINST_LARGE_STEPS =
            List.of(Remedy.SMALLER_STEPS, Remedy.BATCH_NORM, Remedy.CLIP);

    private static final Map<String, RuleText> ALL = Map.ofEntries(
            Map.entry(
                    "nan-inf",
                    new RuleText(
                            "NaN or infinity",
                            "A number has left the range of floating point, and every number that is computed from it is"
                                    + " lost with it.",
                            "Training cannot come back from there by itself: the weights that have become NaN stay NaN.",
                            OF_STEPS,
                            List.of(Remedy.RESUME, Remedy.SMALLER_STEPS, Remedy.BATCH_NORM, Remedy.CLIP))),
            Map.entry(
                    "vanish-floor",
                    new RuleText(
                            "The gradient vanishes",
                            "What the loss has to say does not reach many of the layers: their gradient is smaller than"
                                    + " the ε that Adam adds, so their weights do not move.",
                            "Those layers stay as they were drawn by chance, and the layers behind them learn from what is"
                                    + " little better than noise.",
                            OF_VANISHING,
                            AGAINST_VANISHING)),
            Map.entry(
                    "vanish-depth",
                    new RuleText(
                            "The gradient vanishes with depth",
                            "On its way from the loss to the input the gradient becomes smaller by orders of magnitude.",
                            "The first layers learn far more slowly than the last ones, or not at all.",
                            OF_VANISHING,
                            AGAINST_VANISHING)),
            Map.entry(
                    "slope-trend",
                    new RuleText(
                            "The gradient begins to fade with depth",
                            "Each layer passes on less of the gradient than it used to in this run.",
                            "It is no harm yet; if it goes on, the first layers will stop learning.",
                            OF_VANISHING,
                            List.of(Remedy.SMALLER_STEPS, Remedy.BATCH_NORM, Remedy.SKIP))),
            Map.entry(
                    "collapse",
                    new RuleText(
                            "The gradient has collapsed",
                            "Within a few iterations the gradient of many layers fell far below what was usual for each of"
                                    + " them.",
                            "One step may have thrown the weights where units are saturated or dead, from where they do not"
                                    + " come back soon.",
                            OF_STEPS,
                            AGAINST_LARGE_STEPS)),
            Map.entry(
                    "explode",
                    new RuleText(
                            "The gradient explodes",
                            "Gradients are so large that a step says more about the last batch than about the task.",
                            "If it goes on the loss jumps about or becomes NaN.",
                            OF_STEPS,
                            AGAINST_LARGE_STEPS)),
            Map.entry(
                    "chance-level",
                    new RuleText(
                            "The network guesses",
                            "The loss is that of giving every class the same probability, whatever the image is.",
                            "Nothing that the network has learnt so far helps it to tell one class from another.",
                            OF_VANISHING,
                            List.of(
                                    Remedy.BOTH,
                                    Remedy.BATCH_NORM,
                                    Remedy.SKIP,
                                    Remedy.HE,
                                    Remedy.SMALLER_STEPS,
                                    Remedy.CHECK_LABELS))),
            Map.entry(
                    "one-sided-units",
                    new RuleText(
                            "Units see only one side",
                            "Many units get only negative values before their activation, whatever the image is.",
                            "Such a unit does no more than a linear one would, or nothing, so the network is smaller than it"
                                    + " looks.",
                            OF_UNITS,
                            List.of(Remedy.LEAKY_RELU, Remedy.BATCH_NORM, Remedy.SMALLER_STEPS, Remedy.HE))),
            Map.entry(
                    "batch-norm-health",
                    new RuleText(
                            "Batch normalisation is not well",
                            "The statistics of the batches and those that are kept for validation do not agree, or a layer"
                                    + " has all but switched itself off.",
                            "Validation uses the kept ones: it can be far worse than training, though the weights are"
                                    + " good.",
                            OF_STEPS,
                            List.of(Remedy.LARGER_BATCH, Remedy.SMALLER_STEPS))),
            Map.entry(
                    "update-ratio",
                    new RuleText(
                            "The size of the steps is off",
                            "A healthy step changes weights by about a thousandth of their size; here it is far from"
                                    + " that.",
                            "Steps that are too large forget what was learnt, and with steps that are too small nothing is.",
                            OF_STEPS,
                            List.of(Remedy.SMALLER_STEPS, Remedy.LARGER_STEPS))),
            Map.entry(
                    "plateau",
                    new RuleText(
                            "The loss stands still",
                            "For several epochs the loss has hardly become smaller, long before the end of the schedule.",
                            "With this learning rate there is little more to come.",
                            OF_STEPS,
                            List.of(Remedy.COSINE, Remedy.SMALLER_STEPS, Remedy.BATCH_NORM, Remedy.SKIP))),
            Map.entry(
                    "divergence",
                    new RuleText(
                            "The loss leaves its course",
                            "The loss is far above what it was over the last iterations, by more than its usual noise.",
                            "Often the steps have become too large for where the weights are now.",
                            OF_STEPS,
                            AGAINST_LARGE_STEPS)),
            Map.entry(
                    "overfit",
                    new RuleText(
                            "Learnt by heart",
                            "The network becomes better on the images that it trains on, and worse on others.",
                            "The best epoch for images that it has not seen lies behind; its parameters are kept as the run's"
                                    + " best.",
                            List.of(
                                    Factor.LEARNING_RATE,
                                    Factor.DEPTH,
                                    Factor.BATCH_NORM,
                                    Factor.SKIP,
                                    Factor.ACTIVATION,
                                    Factor.INITIALISATION),
                            List.of(Remedy.AUGMENTATION, Remedy.WEIGHT_DECAY))),
            Map.entry(
                    "telemetry-loss",
                    new RuleText(
                            "Iterations are missing",
                            "The trainer made iterations that never arrived here, because its queue was full or Kafka did"
                                    + " not take them.",
                            "Training itself is not touched, but charts and alerts of those iterations have gaps.",
                            List.of(),
                            List.of(Remedy.CHECK_BROKER))),
            Map.entry(
                    "silent-run",
                    new RuleText(
                            "Nothing comes from the run",
                            "The run has not said that it ended, and nothing has come from it for much longer than its"
                                    + " iterations take.",
                            "Its process has died, hangs, or cannot reach Kafka: in the last case it goes on training, and"
                                    + " what it measures waits in its queue.",
                            List.of(),
                            List.of(Remedy.CHECK_PROCESS, Remedy.RESUME_RUN, Remedy.CHECK_BROKER))));

    /** Of a rule; of one that people wrote, only what is true of all. */
    static RuleText of(String rule) {
        return ALL.getOrDefault(
                rule,
                new RuleText(
                        rule,
                        "A rule of your own fired.",
                        "What follows from it, its author knows best.",
                        OF_STEPS,
                        List.of()));
    }

    static boolean knows(String rule) {
        return ALL.containsKey(rule);
    }
}
