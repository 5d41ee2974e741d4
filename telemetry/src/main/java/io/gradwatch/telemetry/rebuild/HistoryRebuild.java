package io.gradwatch.telemetry.rebuild;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.archive.ArchiveException;
import io.gradwatch.telemetry.archive.Imports;
import io.gradwatch.telemetry.archive.Manifest;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryUnavailableException;
import io.gradwatch.telemetry.history.RunMeasures;
import io.gradwatch.telemetry.history.RunMeasures.Difference;
import io.gradwatch.telemetry.history.RunOrigins.Origin;
import io.gradwatch.telemetry.history.RunSnapshot;
import io.gradwatch.telemetry.history.UnreadableRunException;
import io.gradwatch.telemetry.ingest.KafkaSettings;
import io.gradwatch.telemetry.ingest.LogReplay;
import io.gradwatch.telemetry.ingest.Seeds;
import io.gradwatch.telemetry.rules.RuleEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the history of a data directory again. The old file stays what it is until the new one is complete; it is taken for
 * everything that the log no longer has.
 */
public final class HistoryRebuild {
    /** Where it tells what it does. */
    public interface Reporter {
        /** Something that does not change any more. */
        void line(String text);

        /** How far it is: replaces what was told before. */
        void progress(String text);
    }

    /**
     * What became of it.
     *
     * @param replaced whether the new history is in place
     * @param differences what the two histories do not have alike; empty: equal row for row
     * @param old the old file, when it was kept
     */
    public record Result(boolean replaced, List<Difference> differences, Optional<Path> old) {
        public Result {
            differences = List.copyOf(differences);
        }
    }

    private final Path data;
    private final RuleEngine rules;
    private final KafkaSettings kafka;
    private final Clock clock;
    private final Reporter reporter;

    /**
     * @param data the data directory
     * @param rules that judge what the log has
     */
    public HistoryRebuild(Path data, RuleEngine rules, KafkaSettings kafka, Clock clock, Reporter reporter) {
        this.data = data;
        this.rules = rules;
        this.kafka = kafka;
        this.clock = clock;
        this.reporter = reporter;
    }

    /**
     * Does it.
     *
     * @param evenIfDifferent put the new history in place also when it differs from the old one; the old one is kept then
     * @throws HistoryUnavailableException a history cannot be opened, or is of another Kafka cluster
     */
    public Result run(boolean evenIfDifferent) throws HistoryUnavailableException, IOException {
        Path directory = data.resolve("history");
        Path scratch = directory.resolve("rebuild");
        Archive.discard(scratch);
        Files.createDirectories(scratch);
        try {
            List<Difference> differences;
            try (History old = History.open(directory, clock);
                    History made = History.open(scratch, clock)) {
                LogReplay.Log log = LogReplay.log(kafka);
                requireSameCluster(old, log);
                make(old, made, log, scratch);
                differences = RunMeasures.differences(
                        old.measures().fingerprints(), made.measures().fingerprints());
            }
            if (!differences.isEmpty() && !evenIfDifferent) {
                return new Result(false, differences, Optional.empty());
            }
            Path old = History.replace(directory, scratch, clock);
            if (differences.isEmpty()) {
                Files.delete(old);
            }
            return new Result(true, differences, differences.isEmpty() ? Optional.empty() : Optional.of(old));
        } finally {
            Archive.discard(scratch);
        }
    }

    private void make(History old, History made, LogReplay.Log log, Path scratch) throws IOException {
        // both are to be of the same moment
        LogReplay.into(old.writer(), rules, kafka, log.clusterId(), Seeds.NONE, clock, (n, of) -> {});
        Kept kept = new Kept();
        List<Origin> origins = old.origins().all();
        for (Origin run : origins) {
            Optional<String> why = whyNotFromLog(old, run, log);
            if (why.isPresent()) {
                keep(old, made, run.runId(), run.file(), scratch);
                kept.upTo(run.runId(), old.writer().offsets());
                reporter.line("Run " + run.runId() + ": " + why.get() + "; kept as the old history has it");
            }
        }
        fromArchive(old, made, log, kept);
        LogReplay.into(
                made.writer(),
                rules,
                kafka,
                log.clusterId(),
                kept,
                clock,
                (n, of) -> reporter.progress("reading the log: " + n + " of " + of + " records"));
        for (Origin run : origins) {
            if (made.runs().find(run.runId()).isEmpty()) {
                keep(old, made, run.runId(), run.file(), scratch);
                reporter.line("Run " + run.runId() + ": the log has nothing of it; kept as the old history has it");
            }
        }
        made.writer().published(old.origins().published());
        old.service().losses().forEach(made.writer()::lost);
        made.writer().commit(List.of(), made.writer().counters());
        reporter.progress("comparing");
    }

    /** What of a run the log can no longer make; empty: nothing. */
    private static Optional<String> whyNotFromLog(History old, Origin run, LogReplay.Log log) {
        if (run.file().isPresent()) {
            return Optional.of("was imported from " + run.file().get() + " and is not in the log");
        }
        List<String> missing = new ArrayList<>();
        int partition = run.log().map(RunSnapshot.Extent::partition).orElse(-1);
        if (partition >= 0) {
            long begin = log.beginning(Topic.ITERATIONS, partition);
            old.origins()
                    .before(run.runId(), begin)
                    .forEach(a -> missing.add("iterations " + a.firstIteration() + " to " + a.lastIteration()
                            + " of attempt " + a.attempt()));
        }
        if (run.epochs() > 0 && begins(log, Topic.EPOCHS, partition)) {
            missing.add("perhaps some of its epochs");
        }
        if (run.histograms() > 0 && begins(log, Topic.HISTOGRAMS, partition)) {
            missing.add("perhaps some of its histograms");
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("Kafka has deleted " + String.join(", ", missing) + ", which cannot be rebuilt");
    }

    /** Whether the beginning of a partition, or of any when it is not known which, has been deleted. */
    private static boolean begins(LogReplay.Log log, Topic topic, int partition) {
        return log.beginnings().stream()
                .anyMatch(b -> b.topic().equals(topic.topicName())
                        && (partition < 0 || b.partition() == partition)
                        && b.nextOffset() > 0);
    }

    private void fromArchive(History old, History made, LogReplay.Log log, Kept kept) {
        Archive archive = new Archive(data.resolve("archive"), clock);
        Imports imports = new Imports(made, archive);
        Map<String, RunAnnotation> said = old.writer().annotations();
        for (String runId : archive.runs()) {
            RunAnnotation annotation = said.get(runId);
            boolean deleted = annotation != null && annotation.getDeleted();
            if (kept.has(runId) || deleted || old.runs().find(runId).isPresent()) {
                continue;
            }
            try {
                Manifest manifest = archive.find(runId).orElseThrow();
                boolean elsewhere =
                        manifest.origin().isPresent() || !log.clusterId().equals(manifest.clusterId());
                if (!elsewhere && isInLog(manifest, log)) {
                    continue;
                }
                imports.archived(runId);
                if (elsewhere) {
                    kept.withAttempts(runId, manifest.attempt());
                } else {
                    kept.upTo(runId, manifest.offsets());
                }
                reporter.line("Run " + runId + ": not in the log (any more); taken from the archive");
            } catch (ArchiveException e) {
                reporter.line("Run " + runId + " cannot be taken from the archive: " + e.getMessage());
            }
        }
    }

    private static boolean isInLog(Manifest manifest, LogReplay.Log log) {
        if (manifest.log().isEmpty()) {
            return true;
        }
        int partition = manifest.log().get().partition();
        return manifest.log().get().firstOffset() >= log.beginning(Topic.ITERATIONS, partition)
                && !begins(log, Topic.EPOCHS, partition)
                && !begins(log, Topic.HISTOGRAMS, partition);
    }

    private static void keep(History old, History made, String runId, Optional<String> file, Path scratch)
            throws IOException {
        Path folder = Files.createTempDirectory(scratch, "run");
        try {
            RunSnapshot snapshot = old.files().write(runId, folder).orElseThrow();
            made.files().read(folder, snapshot.tables(), runId, file);
        } catch (UnreadableRunException e) {
            throw new IOException("run " + runId + " of the old history cannot be kept: " + e.getMessage(), e);
        } finally {
            Archive.discard(folder);
        }
    }

    private static void requireSameCluster(History old, LogReplay.Log log) throws HistoryUnavailableException {
        String known = old.writer().clusterId();
        if (known != null && !known.equals(log.clusterId())) {
            throw new HistoryUnavailableException("history comes from the Kafka cluster " + known + ", but this is "
                    + log.clusterId() + "; accepted is the cluster that it comes from");
        }
    }
}
