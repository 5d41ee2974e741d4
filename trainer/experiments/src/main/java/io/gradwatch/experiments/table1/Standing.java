package io.gradwatch.experiments.table1;

import java.util.Optional;

/**
 * What a run of the table has come to.
 *
 * @param conditions empty if nobody asked for it
 * @param runId once it was started; the same for all its attempts
 * @param failure the last one, if nothing has happened since
 * @param finished once it did; whatever is told of it later does not change that
 */
public record Standing(
        Optional<Conditions> conditions,
        Optional<String> runId,
        Optional<Entry.Failed> failure,
        Optional<Entry.Finished> finished) {
    static final Standing NEVER_ASKED_FOR =
            new Standing(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether it began and neither finished nor failed: it runs, or was interrupted. */
    boolean begun() {
        return runId.isPresent() && failure.isEmpty() && finished.isEmpty();
    }

    Standing after(Entry entry) {
        if (finished.isPresent()) {
            return this;
        }
        Optional<Conditions> of = Optional.of(entry.conditions());
        if (entry instanceof Entry.Started started) {
            return new Standing(of, Optional.of(started.runId()), Optional.empty(), Optional.empty());
        }
        if (entry instanceof Entry.Failed failed) {
            return new Standing(of, Optional.of(failed.runId()), Optional.of(failed), Optional.empty());
        }
        if (entry instanceof Entry.Finished done) {
            return new Standing(of, Optional.of(done.runId()), Optional.empty(), Optional.of(done));
        }
        return new Standing(of, runId, failure, finished);
    }
}
