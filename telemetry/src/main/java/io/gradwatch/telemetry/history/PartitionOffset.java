package io.gradwatch.telemetry.history;

/**
 * How far a partition has been read.
 *
 * @param nextOffset offset of the first record that is not in history
 */
public record PartitionOffset(String topic, int partition, long nextOffset) {}
