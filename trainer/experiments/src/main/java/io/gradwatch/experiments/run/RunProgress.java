package io.gradwatch.experiments.run;

/** Who shows a person how far a run is. Called on the training thread. */
public interface RunProgress {
    /**
     * After every step.
     *
     * @param iterations done so far
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
     * @param iterations done
     * @param telemetry what became of the records, for a person
     */
    void ended(RunOutcome outcome, long iterations, String telemetry);
}
