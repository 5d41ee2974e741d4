package io.gradwatch.telemetry.backtest;

import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.archive.Imports;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The real runs of {@code src/test/resources/runs}, in the order of {@code labels.properties} there. */
public final class StoredRuns {
    /** Where they are, from the module's folder. */
    static final Path FOLDER = Path.of("src/test/resources/runs");

    private StoredRuns() {}

    /** Imports all of them into a history in an empty folder, and reads them from there. */
    public static List<RecordedRun> all(Path scratch) throws Exception {
        List<RecordedRun> runs = new ArrayList<>();
        try (History history = History.open(Files.createDirectories(scratch.resolve("history")), Clock.systemUTC())) {
            Imports imports = new Imports(history, new Archive(scratch.resolve("archive"), Clock.systemUTC()));
            for (String line : names()) {
                Path file = FOLDER.resolve(line + ".zip");
                String id = imports.zip(file, file.toString(), Optional.empty())
                        .manifest()
                        .runId();
                runs.add(InMemory.of(
                        new HistoryRun(history, history.runs().find(id).orElseThrow()), line, labels(line)));
            }
        }
        return List.copyOf(runs);
    }

    /** Names of the runs: the lines of the labels' file, in their order. */
    static List<String> names() throws Exception {
        return Files.readAllLines(FOLDER.resolve("labels.properties")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf('=')).strip())
                .toList();
    }

    static Set<String> labels(String name) throws Exception {
        Properties labels = new Properties();
        try (Reader in = Files.newBufferedReader(FOLDER.resolve("labels.properties"))) {
            labels.load(in);
        }
        return Set.of(labels.getProperty(name).strip().split("[ ,]+"));
    }

    /** A run whose records are held, so that they can be read again and again. */
    record InMemory(RunDescription description, String name, Set<String> labels, List<Object> events)
            implements RecordedRun {
        static InMemory of(RecordedRun run, String name, Set<String> labels) {
            List<Object> events = new ArrayList<>();
            run.replay(new Events() {
                @Override
                public void iteration(IterationRecord record) {
                    events.add(record);
                }

                @Override
                public void epoch(EpochRecord record) {
                    events.add(record);
                }
            });
            return new InMemory(run.description(), name, labels, events);
        }

        @Override
        public void replay(Events to) {
            for (Object event : events) {
                if (event instanceof IterationRecord iteration) {
                    to.iteration(iteration);
                } else {
                    to.epoch((EpochRecord) event);
                }
            }
        }
    }
}
