package io.gradwatch.experiments.run;

/** Who shows a person how far a run is. Called on the training thread. */
public interface RunProgress {
    /**
     * Before the first step of an attempt.
     *
     * @param attempt 1 for the first
     * @param iterations done before it: 0, or those of the checkpoint that it goes on from
     * @param epoch of its first step, 0-based
     * @param position of its first step in the epoch, 0-based
     */
    default void started(int attempt, long iterations, int epoch, int position) {}

    /** Something that a person should know, in one sentence; training goes on. */
    default void warning(String message) {}

    /** Something was done on request, told in one sentence. Training may have stood still before. */
    default void notice(String message) {}

    /**
     * After every step.
     *
     * @param iterations done so far, in all attempts
     * @param epoch of the step, 0-based
     * @param loss mean of the batch
     * @param accuracy of the batch, 0 to 1
     * @param dropped telemetry records dropped so far
     */
    void iterationDone(long iterations, int epoch, double loss, double accuracy, long dropped);

    /** After every epoch. */
    void epochEnded(EpochSummary summary);

    /**
     * At the end.
     *
     * @param iterations done, in all attempts
     * @param summary what became of the records and the checkpoints, for a person
     */
    void ended(RunOutcome outcome, long iterations, String summary);
}
