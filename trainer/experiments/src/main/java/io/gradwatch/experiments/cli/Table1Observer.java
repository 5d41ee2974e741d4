package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.run.Provenance;
import io.gradwatch.experiments.table1.Book;
import io.gradwatch.experiments.table1.Figures;
import io.gradwatch.experiments.table1.Job;
import io.gradwatch.experiments.table1.Paces;
import io.gradwatch.experiments.table1.Row;
import io.gradwatch.experiments.table1.RowTrainer;
import io.gradwatch.experiments.table1.Table;
import io.gradwatch.experiments.table1.TableFiles;
import io.gradwatch.experiments.table1.TableTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Tells what becomes of each run, and writes the table's files after it. */
final class Table1Observer implements TableTraining.Observer {
    private final Table1Progress progress;
    private final Path out;

    Table1Observer(Table1Progress progress, Path out) {
        this.progress = progress;
        this.out = out;
    }

    @Override
    public void begins(Job job, int number, int all, List<Job> left, Book book) {
        progress.begin(job, number, all, left, Paces.of(book, Row.all()));
    }

    @Override
    public void ended(Job job, RowTrainer.Ending ending, Book book) {
        progress.print("  " + text(job, ending));
        try {
            TableFiles.write(Table.of(Row.all(), book, Instant.now(), Provenance.gradwatch()), out);
        } catch (IOException e) {
            // the book has the result: the files can be written later
            progress.print("  warning: the table's files cannot be written to " + out + ": " + e);
        }
    }

    private static String text(Job job, RowTrainer.Ending ending) {
        if (ending instanceof RowTrainer.Ending.Finished finished) {
            Figures figures = finished.figures();
            return String.format(
                    Locale.ROOT,
                    "finished: test %.2f %% (paper %.2f), train %.2f %% (paper %.2f), best epoch %d of %d%s",
                    100 * figures.testAccuracy(),
                    job.row().paperTest(),
                    100 * figures.trainAccuracy(),
                    job.row().paperTrain(),
                    figures.bestEpoch() + 1,
                    figures.epochs(),
                    job.conditions().likePaper() ? "" : "; not comparable");
        }
        return ending instanceof RowTrainer.Ending.Failed failed
                ? "FAILED: " + failed.reason()
                : ((RowTrainer.Ending.Stopped) ending).reason();
    }
}
