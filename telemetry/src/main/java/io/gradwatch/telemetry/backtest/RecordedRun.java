package io.gradwatch.telemetry.backtest;

import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.Set;

/** A run whose records can be had again. */
public interface RecordedRun {
    /** The newest attempt. */
    RunDescription description();

    /** What people call it. */
    String name();

    /** What people say became of it; empty: nobody has said. */
    Set<String> labels();

    /** Gives all records of all attempts, an epoch behind the iterations that it consists of. May block. */
    void replay(Events to);

    /** Takes records in the order of the log. */
    interface Events {
        void iteration(IterationRecord record);

        void epoch(EpochRecord record);
    }
}
