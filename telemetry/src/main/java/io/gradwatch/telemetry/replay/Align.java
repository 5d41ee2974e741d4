package io.gradwatch.telemetry.replay;

/** What several runs that are replayed in step have in common at any moment. */
public enum Align {
    /** The iteration: the first run plays at its recorded pace, and takes the others along. */
    ITERATION,
    /** The share of training done, in epochs; likewise. */
    EPOCH,
    /** The time since each began: every run plays at its own pace. */
    WALL
}
