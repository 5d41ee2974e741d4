package io.gradwatch.experiments.run;

import io.gradwatch.experiments.checkpoint.CheckpointStore;

/**
 * Where checkpoints go.
 *
 * @param keep the newest ones of a run that stay, at least 1; that of the best epoch stays too
 */
public record Checkpointing(CheckpointStore store, int keep) {
    /** Of {@link #keep} where nothing else is said. */
    public static final int DEFAULT_KEEP = 2;

    /** @throws IllegalArgumentException if less than one is to be kept */
    public Checkpointing {
        if (keep < 1) {
            throw new IllegalArgumentException("keep " + keep + " checkpoints: accepted are 1 and more");
        }
    }
}
