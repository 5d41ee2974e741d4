package io.gradwatch.experiments.run;

import java.io.IOException;

/** What a run can be told from outside while it trains. Called on the training thread, between two steps. */
interface RunOrders {
    /** Ends the run now. @param by who, and why */
    void stop(String by);

    /** Whether the run ends now, for whatever reason. Any thread. */
    boolean isStopping();

    /**
     * Writes a checkpoint, which stays until the run is deleted.
     *
     * @return its file, for a person
     * @throws IOException it cannot be written; its message says why
     */
    String checkpoint() throws IOException;

    /** Takes this rate, above 0, for all further steps, in place of the schedule; also after the run was resumed. */
    void learningRate(double rate);

    /** Tells a person what was done, in one sentence. */
    void tell(String sentence);
}
