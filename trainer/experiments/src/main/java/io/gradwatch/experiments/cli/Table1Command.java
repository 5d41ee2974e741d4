package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.checkpoint.CheckpointStore;
import io.gradwatch.experiments.data.DataException;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.layers.NativeBackend;
import io.gradwatch.experiments.run.Checkpointing;
import io.gradwatch.experiments.run.KafkaTelemetry;
import io.gradwatch.experiments.run.Provenance;
import io.gradwatch.experiments.run.StopSignal;
import io.gradwatch.experiments.run.TelemetryException;
import io.gradwatch.experiments.run.Trainings;
import io.gradwatch.experiments.table1.Book;
import io.gradwatch.experiments.table1.BookFile;
import io.gradwatch.experiments.table1.Paces;
import io.gradwatch.experiments.table1.Plan;
import io.gradwatch.experiments.table1.PlanText;
import io.gradwatch.experiments.table1.Row;
import io.gradwatch.experiments.table1.Table;
import io.gradwatch.experiments.table1.TableFiles;
import io.gradwatch.experiments.table1.TableLock;
import io.gradwatch.experiments.table1.TableTraining;
import io.gradwatch.experiments.table1.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains the paper's Table 1 and shows it beside the paper's figures. */
@Command(
        name = "table1",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Train the rows of the paper's Table 1, one run after another, and show them beside the paper's figures.",
            "Every finished run is kept and never trained again; after Ctrl-C, a crash or a power cut the same command"
                    + " goes on where it was."
        },
        footer = "%nExit codes: 0 done or stopped, 1 a run failed, 2 not started because of what was asked.")
final class Table1Command implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Table1Command.class);

    @Mixin
    @SuppressWarnings("NullAway.Init") // by picocli
    private Table1Options options;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws UsageException, IOException {
        Table1Options.Request request = options.read(System.getenv());
        Path folder = request.directory().path().resolve("table1");
        Path file = folder.resolve("results.jsonl");
        if (request instanceof Table1Options.Report report) {
            show(read(file), report.rows(), report.out());
            return 0;
        }
        Table1Options.Training training = (Table1Options.Training) request;
        say("data: " + training.data().announcement());
        Table1Images images = new Table1Images(training.data());
        Plan plan = Table1Jobs.plan(training, load(images, training.seeds().get(0)));
        if (training.dryRun()) {
            tell(plan, read(file));
            return 0;
        }
        Files.createDirectories(folder);
        try (TableLock ignored = lock(folder.resolve("table1.lock"))) {
            return train(training, plan, images, file);
        }
    }

    private int train(Table1Options.Training request, Plan plan, Table1Images images, Path file)
            throws UsageException, IOException {
        BookFile.Contents contents = BookFile.read(file);
        Book known = tell(plan, contents);
        if (plan.toTrain(known).isEmpty()) {
            say("all of it is finished already");
            show(contents, Row.all(), request.out());
            return 0;
        }
        StopSignal stop = new StopSignal();
        StopSources.connect(stop, System.getenv(), System.in);
        check(request.kafka());
        NativeBackend backend = NativeBackend.start(request.threads());
        backend.warning().ifPresent(LOG::warn);
        KafkaChoice kafka = request.kafka();
        say("on " + backend.describe() + (kafka.isNone() ? "; no telemetry" : "; telemetry to " + kafka.bootstrap()));

        PrintWriter out = spec.commandLine().getOut();
        Table1Progress progress = new Table1Progress(out, interactive(), columns(), System::nanoTime);
        Checkpointing checkpointing =
                new Checkpointing(new CheckpointStore(request.directory().checkpoints()), Checkpointing.DEFAULT_KEEP);
        Trainings trainings = new Trainings(KafkaTelemetry.factory(kafka.properties()), Optional.of(checkpointing));
        TableTraining.Outcome outcome;
        try (BookFile book = BookFile.open(file, contents)) {
            outcome = new TableTraining(
                            book,
                            known,
                            new Table1Trainer(trainings, images, backend, progress, stop),
                            new Table1Observer(progress, request.out()),
                            Clock.systemUTC())
                    .train(plan);
        } catch (TelemetryException e) {
            throw new UsageException(List.of("--kafka-config: " + e.getMessage()));
        }
        show(new BookFile.Contents(outcome.book(), List.of(), 0, true), Row.all(), request.out());
        return end(outcome, plan);
    }

    /** Says how the plan ended; the exit code. */
    private int end(TableTraining.Outcome outcome, Plan plan) {
        int all = plan.jobs().size();
        int left = plan.toTrain(outcome.book()).size();
        say((all - left) + " of " + all + " runs finished"
                + outcome.stopped().map(reason -> "; " + reason).orElse("")
                + (outcome.failures() > 0 ? "; " + outcome.failures() + " failed" : ""));
        if (left > 0) {
            say("the same command goes on where this one ended: gradwatch"
                    + spec.commandLine().getParseResult().originalArgs().stream()
                            .map(Table1Command::quoted)
                            .collect(Collectors.joining()));
        }
        return outcome.failures() > 0 ? 1 : 0;
    }

    /** An argument for a shell, with a blank before it. */
    private static String quoted(String argument) {
        return " " + (argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'");
    }

    private static TableLock lock(Path file) throws UsageException, IOException {
        Optional<TableLock> lock = TableLock.take(file);
        if (lock.isEmpty()) {
            throw new UsageException(List.of("process " + TableLock.owner(file) + " trains Table 1 in "
                    + file.getParent() + ": accepted beside it are table1 --report and --dry-run,"
                    + " or another --data-dir DIR"));
        }
        return lock.get();
    }

    private static ImageData load(Table1Images images, long seed) throws UsageException, IOException {
        try {
            return images.forSeed(seed);
        } catch (DataException e) {
            throw new UsageException(List.of(String.valueOf(e.getMessage())));
        }
    }

    private static void check(KafkaChoice kafka) throws UsageException {
        Optional<String> problem = kafka.mustAnswer() ? KafkaCheck.problemOf(kafka) : Optional.empty();
        if (problem.isPresent()) {
            throw new UsageException(List.of(problem.get()));
        }
    }

    private Book tell(Plan plan, BookFile.Contents contents) {
        warnOf(contents);
        Paces paces = Paces.of(contents.book(), Row.all());
        PlanText.lines(plan, contents.book(), paces, columns()).forEach(this::say);
        return contents.book();
    }

    private BookFile.Contents read(Path file) throws IOException {
        BookFile.Contents contents = BookFile.read(file);
        warnOf(contents);
        return contents;
    }

    private void warnOf(BookFile.Contents contents) {
        contents.problems().forEach(problem -> say("warning: " + problem));
    }

    /** Shows {@code rows} and writes the files, with all rows. */
    private void show(BookFile.Contents contents, List<Row> rows, Path out) throws IOException {
        Clock clock = Clock.systemUTC();
        String version = Provenance.gradwatch();
        List<Path> files = TableFiles.write(Table.of(Row.all(), contents.book(), clock.instant(), version), out);
        say("");
        TextTable.lines(Table.of(rows, contents.book(), clock.instant(), version), columns())
                .forEach(this::say);
        say("");
        say("written: " + String.join(", ", files.stream().map(Path::toString).toList()));
    }

    private static boolean interactive() {
        return Terminal.isInteractive(System.getenv());
    }

    private static int columns() {
        Map<String, String> environment = System.getenv();
        return Terminal.columns(environment, interactive());
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
