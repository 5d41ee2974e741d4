package io.gradwatch.contract;

import java.util.Map;

/**
 * The Kafka topics. Every record's key is its run id in UTF-8, and its value an {@code Envelope}.
 *
 * <p>All topics must have the same number of partitions, and a run's records go to partition {@code murmur2(key) mod
 * partitions} of each, as Kafka's Java client does by default: so one consumer sees all of a run, and sees each topic's
 * records of a run in the order in which they were sent.
 */
public enum Topic {
    /** Start and end of every run. Compacted: the newest record of a run stays for ever. */
    RUNS("gradwatch.runs", Map.of("cleanup.policy", "compact")),
    /** One record for every iteration of every run. */
    ITERATIONS("gradwatch.iterations", Map.of("cleanup.policy", "delete", "retention.ms", "-1")),
    /** One record for every epoch of every run. */
    EPOCHS("gradwatch.epochs", Map.of("cleanup.policy", "delete", "retention.ms", "-1")),
    /** Histograms of gradients and parameters, for some iterations. */
    HISTOGRAMS("gradwatch.histograms", Map.of("cleanup.policy", "delete", "retention.ms", "-1")),
    /** Transitions of alerts. */
    ALERTS("gradwatch.alerts", Map.of("cleanup.policy", "delete", "retention.ms", "-1")),
    /** Commands to trainers, their acknowledgements, and whether trainers are paused. */
    COMMANDS("gradwatch.commands", Map.of("cleanup.policy", "delete", "retention.ms", "-1")),
    /** Names, tags, notes and labels that people give to runs, and which runs are deleted. Compacted. */
    ANNOTATIONS("gradwatch.annotations", Map.of("cleanup.policy", "compact")),
    /** Who asked the service to change what, and what came of it. */
    AUDIT("gradwatch.audit", Map.of("cleanup.policy", "delete", "retention.ms", "-1"));

    /** Key of records of {@link #AUDIT} that are about no run. */
    public static final String NO_RUN = "gradwatch";

    /** Partitions of each topic where nothing else is configured. */
    public static final int DEFAULT_PARTITIONS = 4;

    private final String topicName;

    @SuppressWarnings("ImmutableEnumChecker") // Map.of is immutable
    private final Map<String, String> configuration;

    Topic(String topicName, Map<String, String> configuration) {
        this.topicName = topicName;
        this.configuration = configuration;
    }

    /** Name on the brokers. */
    public String topicName() {
        return topicName;
    }

    /** Topic configuration to create it with, by Kafka's names. Unmodifiable. */
    public Map<String, String> configuration() {
        return configuration;
    }
}
