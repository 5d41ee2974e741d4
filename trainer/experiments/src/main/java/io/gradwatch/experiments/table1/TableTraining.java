package io.gradwatch.experiments.table1;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Trains the runs of a plan, one after another, and writes into the book what becomes of each. For one thread. */
public final class TableTraining {
    private final BookFile file;
    private final RowTrainer trainer;
    private final Observer observer;
    private final Clock clock;
    private Book book;

    /** Who is told what happens; called on the training thread. */
    public interface Observer {
        /**
         * Before a run begins or goes on.
         *
         * @param number of the run among those of {@code all}, from 1
         * @param left the runs behind it
         */
        void begins(Job job, int number, int all, List<Job> left, Book book);

        /** After it; the book has it already. */
        void ended(Job job, RowTrainer.Ending ending, Book book);
    }

    /**
     * What became of a plan.
     *
     * @param book as it is in the end
     * @param stopped why it ended early; empty if it did not
     * @param failures number of runs that failed now
     */
    public record Outcome(Book book, Optional<String> stopped, int failures) {}

    /** @param book what {@code file} holds */
    public TableTraining(BookFile file, Book book, RowTrainer trainer, Observer observer, Clock clock) {
        this.file = file;
        this.book = book;
        this.trainer = trainer;
        this.observer = observer;
        this.clock = clock;
    }

    /**
     * Trains what has not finished, each run once; a run that fails does not keep the others from being trained.
     *
     * @throws IOException if the book cannot be written: what is trained would be lost
     */
    public Outcome train(Plan plan) throws IOException {
        for (Job job : plan.jobs()) {
            if (book.standing(job.id()).conditions().isEmpty()) {
                append(new Entry.Planned(clock.instant(), job.id(), job.conditions()));
            }
        }
        List<Job> todo = plan.toTrain(book);
        int failures = 0;
        for (int i = 0; i < todo.size(); i++) {
            Job job = todo.get(i);
            observer.begins(job, i + 1, todo.size(), todo.subList(i + 1, todo.size()), book);
            RowTrainer.Ending ending = train(job);
            observer.ended(job, ending, book);
            if (ending instanceof RowTrainer.Ending.Stopped stopped) {
                return new Outcome(book, Optional.of(stopped.reason()), failures);
            }
            failures += ending instanceof RowTrainer.Ending.Failed ? 1 : 0;
        }
        return new Outcome(book, Optional.empty(), failures);
    }

    private RowTrainer.Ending train(Job job) throws IOException {
        Standing standing = book.standing(job.id());
        String runId = standing.runId().orElseGet(() -> trainer.newRunId(job));
        if (!standing.begun()) {
            append(new Entry.Started(clock.instant(), job.id(), job.conditions(), runId));
        }
        RowTrainer.Ending ending = trainer.train(job, runId);
        if (ending instanceof RowTrainer.Ending.Finished finished) {
            append(new Entry.Finished(
                    clock.instant(),
                    job.id(),
                    job.conditions(),
                    runId,
                    finished.figures(),
                    finished.settings(),
                    finished.versions(),
                    finished.millisPerIteration()));
        } else if (ending instanceof RowTrainer.Ending.Failed failed) {
            append(new Entry.Failed(clock.instant(), job.id(), job.conditions(), runId, failed.reason()));
        }
        return ending;
    }

    private void append(Entry entry) throws IOException {
        file.append(entry);
        book = book.with(entry);
    }
}
