package io.gradwatch.experiments.table1;

import static io.gradwatch.experiments.table1.Examples.PAPER;
import static io.gradwatch.experiments.table1.Examples.SHORT;
import static io.gradwatch.experiments.table1.Examples.VGG08;
import static io.gradwatch.experiments.table1.Examples.VGG38;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTrainingTest {
    private static final Plan PLAN =
            Plan.of(List.of(VGG08, VGG38), List.of(0L, 100L), (row, seed) -> Examples.job(row, seed, PAPER));

    @TempDir
    Path folder;

    private final Trainer trainer = new Trainer();
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("results.jsonl");
    }

    @Test
    void trainsAllRowsWithASeedBeforeTheNextSeed() throws IOException {
        TableTraining.Outcome outcome = train(PLAN);

        assertThat(trainer.trained).containsExactly("vgg08 0", "vgg38 0", "vgg08 100", "vgg38 100");
        assertThat(outcome.stopped()).isEmpty();
        assertThat(outcome.failures()).isZero();
        assertThat(PLAN.toTrain(outcome.book())).isEmpty();
    }

    @Test
    void trainsNothingTwice() throws IOException {
        TableTraining.Outcome first = train(PLAN);
        trainer.trained.clear();
        TableTraining.Outcome second = train(PLAN);

        assertThat(trainer.trained).isEmpty();
        assertThat(second.book()).isEqualTo(first.book());
    }

    @Test
    void trainsAFinishedRowAgainUnderOtherConditions() throws IOException {
        train(PLAN);
        trainer.trained.clear();
        train(Plan.of(List.of(VGG08), List.of(0L), (row, seed) -> Examples.job(row, seed, SHORT)));

        assertThat(trainer.trained).containsExactly("vgg08 0");
    }

    @Test
    void endsWhenARunIsStoppedAndGoesOnWithItUnderTheSameRunId() throws IOException {
        trainer.endings.put("vgg38 0", new RowTrainer.Ending.Stopped("stopped with Ctrl-C"));
        TableTraining.Outcome first = train(PLAN);
        trainer.endings.clear();
        TableTraining.Outcome second = train(PLAN);

        assertThat(first.stopped()).contains("stopped with Ctrl-C");
        assertThat(trainer.trained).containsExactly("vgg08 0", "vgg38 0", "vgg38 0", "vgg08 100", "vgg38 100");
        assertThat(trainer.runIds.get(1)).isEqualTo(trainer.runIds.get(2));
        assertThat(second.stopped()).isEmpty();
    }

    @Test
    void goesOnUnderTheSameRunIdAfterACrash() throws IOException {
        trainer.crashAt = "vgg38 0";
        assertThatThrownBy(() -> train(PLAN)).hasMessage("crash");
        trainer.crashAt = "";
        train(PLAN);

        assertThat(trainer.trained).containsExactly("vgg08 0", "vgg38 0", "vgg38 0", "vgg08 100", "vgg38 100");
        assertThat(trainer.runIds.get(1)).isEqualTo(trainer.runIds.get(2));
    }

    @Test
    void goesOnWithTheOthersWhenARunFailsAndTriesItAgainTheNextTime() throws IOException {
        trainer.endings.put("vgg08 0", new RowTrainer.Ending.Failed("out of memory"));
        TableTraining.Outcome first = train(PLAN);
        trainer.endings.clear();
        trainer.trained.clear();
        TableTraining.Outcome second = train(PLAN);

        assertThat(first.failures()).isEqualTo(1);
        assertThat(first.stopped()).isEmpty();
        assertThat(trainer.trained).containsExactly("vgg08 0");
        assertThat(second.book().finished()).hasSize(4);
    }

    @Test
    void tellsHowFarItIs() throws IOException {
        List<String> told = new ArrayList<>();
        train(PLAN, new TableTraining.Observer() {
            @Override
            public void begins(Job job, int number, int all, List<Job> left, Book book) {
                told.add(number + "/" + all + " " + job.title() + ", then " + left.size());
            }

            @Override
            public void ended(Job job, RowTrainer.Ending ending, Book book) {
                told.add(book.finished().size() + " finished");
            }
        });

        assertThat(told)
                .startsWith(
                        "1/4 Table 1 row 1: vgg08 seed 0, then 3",
                        "1 finished",
                        "2/4 Table 1 row 2: vgg38 seed 0, then 2");
    }

    private TableTraining.Outcome train(Plan plan) throws IOException {
        return train(plan, new TableTraining.Observer() {
            @Override
            public void begins(Job job, int number, int all, List<Job> left, Book book) {}

            @Override
            public void ended(Job job, RowTrainer.Ending ending, Book book) {}
        });
    }

    private TableTraining.Outcome train(Plan plan, TableTraining.Observer observer) throws IOException {
        BookFile.Contents contents = BookFile.read(file);
        try (BookFile book = BookFile.open(file, contents)) {
            return new TableTraining(
                            book, contents.book(), trainer, observer, Clock.fixed(Examples.START, ZoneOffset.UTC))
                    .train(plan);
        }
    }

    /** Finishes every run at once, unless told otherwise. */
    private static final class Trainer implements RowTrainer {
        final List<String> trained = new ArrayList<>();
        final List<String> runIds = new ArrayList<>();
        final Map<String, Ending> endings = new HashMap<>();
        String crashAt = "";
        private int ids;

        @Override
        public String newRunId(Job job) {
            return "run-" + ++ids;
        }

        @Override
        public Ending train(Job job, String runId) {
            String name = job.row().name() + " " + job.seed();
            trained.add(name);
            runIds.add(runId);
            if (name.equals(crashAt)) {
                throw new IllegalStateException("crash");
            }
            Figures figures = new Figures(0, 0.5, 1, 0.5, 1, 0.5, 1, 1, 1);
            return endings.getOrDefault(name, new Ending.Finished(figures, Map.of(), Map.of(), 0));
        }
    }
}
