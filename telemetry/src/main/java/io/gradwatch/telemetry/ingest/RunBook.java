package io.gradwatch.telemetry.ingest;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.HistoryWriter;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.history.StoredRun;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.rules.RunState;
import io.gradwatch.telemetry.rules.Verdict;
import io.gradwatch.telemetry.runs.AttemptRange;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.runs.RunTracker;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.HistogramsRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import io.gradwatch.telemetry.stream.TrainerRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All runs as of the record that was read last, and which of them history does not know so yet. Not thread-safe. */
final class RunBook {
    private static final Logger LOG = LoggerFactory.getLogger(RunBook.class);

    private static final long SAY_AGAIN_MS = 10_000;

    private RuleEngine rules;
    private long ruleNanos;
    private final Map<String, Entry> runs = new HashMap<>();
    private final Map<String, Entry> changed = new LinkedHashMap<>();
    private final Map<String, Integer> alertKeys;
    private final Map<String, RunAnnotation> annotations;
    private final HistoryWriter keys;

    private RunBook(RuleEngine rules, HistoryWriter writer) {
        this.rules = rules;
        this.alertKeys = writer.alertKeys();
        this.annotations = writer.annotations();
        this.keys = writer;
    }

    /** The runs as history has them; {@link #follow} is to be called before anything is judged. */
    static RunBook load(HistoryWriter writer, RuleEngine rules) {
        RunBook book = new RunBook(rules, writer);
        for (StoredRun stored : writer.storedRuns()) {
            book.runs.put(stored.tracker().description().runId(), entry(stored));
        }
        return book;
    }

    /** Time spent judging so far. */
    long ruleNanos() {
        return ruleNanos;
    }

    /** Whether these rules are those that it judges by. */
    boolean judgesBy(RuleEngine engine) {
        return rules == engine;
    }

    /**
     * Judges by these rules from now on. What rules remember that are among them, goes on; open alerts of others are resolved.
     *
     * @return the transitions that this led to
     */
    List<OutboxAlert> follow(RuleEngine engine, long nowMs) {
        rules = engine;
        List<OutboxAlert> ended = new ArrayList<>();
        runs.forEach((id, entry) -> ended.addAll(follow(id, entry, nowMs)));
        return ended;
    }

    /** The same of one run that has come into history by another way. */
    List<OutboxAlert> follow(String runId, long nowMs) {
        Entry entry = runs.get(runId);
        return entry == null ? List.of() : follow(runId, entry, nowMs);
    }

    private List<OutboxAlert> follow(String runId, Entry entry, long nowMs) {
        entry.ruleFailed = false;
        entry.ruleState = rules.adopt(entry.ruleState);
        List<OutboxAlert> ended = new ArrayList<>(0);
        for (Alert open : entry.tracker.openAlerts()) {
            if (!rules.has(open.getRule(), open.getRuleVersion())) {
                Alert alert = RetiredAlert.of(open, entry.tracker.summary(), rules, nowMs);
                entry.tracker.alert(alert);
                changed.put(runId, entry);
                ended.add(new OutboxAlert(runId, entry.tracker.description().attempt(), nowMs, alert));
            }
        }
        return ended;
    }

    /** Whether the records of a run are to be skipped, because it was deleted. */
    boolean isSkipped(String runId) {
        RunAnnotation annotation = annotations.get(runId);
        return annotation != null && annotation.getDeleted();
    }

    /** Forgets a run; gives its number in history, or empty when it is not known. */
    Optional<Integer> delete(String runId) {
        changed.remove(runId);
        alertKeys.keySet().removeIf(id -> id.startsWith(runId + "/"));
        return Optional.ofNullable(runs.remove(runId)).map(entry -> entry.runKey);
    }

    /** Follows a run that came into history by another way. False, and nothing changes, when the id is taken. */
    boolean adopt(StoredRun stored) {
        String runId = stored.tracker().description().runId();
        if (runs.containsKey(runId)) {
            return false;
        }
        Entry entry = entry(stored);
        entry.tracker.annotate(annotations.get(runId));
        runs.put(runId, entry);
        changed.put(runId, entry);
        return true;
    }

    /** Whether the run has been heard of. */
    boolean has(String runId) {
        return runs.containsKey(runId);
    }

    /** Whether this attempt of this run, or a newer one, has been heard of. */
    boolean knows(String runId, int attempt) {
        Entry entry = runs.get(runId);
        return entry != null && attempt <= entry.tracker.description().attempt();
    }

    void started(String runId, int attempt, RunStarted started, long seenAtMs) {
        described(runId, id -> RunTracker.announced(id, attempt, started, seenAtMs))
                .started(attempt, started, seenAtMs);
    }

    void ended(String runId, int attempt, RunEnded ended, long seenAtMs) {
        described(runId, id -> RunTracker.announced(id, attempt, ended.getStarted(), seenAtMs))
                .ended(attempt, ended, seenAtMs);
    }

    /** What is wrong with an iteration for its run; empty when nothing is, or nothing is known of the attempt. */
    Optional<String> problemOf(String runId, int attempt, Iteration iteration) {
        return started(runId, attempt).flatMap(run -> WireFormat.problemOf(run, iteration));
    }

    /** The same for histograms. */
    Optional<String> problemOf(String runId, int attempt, Histograms histograms) {
        return started(runId, attempt).flatMap(run -> WireFormat.problemOf(run, histograms));
    }

    private Optional<RunStarted> started(String runId, int attempt) {
        return Optional.ofNullable(runs.get(runId))
                .map(entry -> entry.tracker.description())
                .filter(description -> description.attempt() == attempt)
                .map(RunDescription::started);
    }

    /** Takes an iteration and judges it; gives the transitions of alerts that it led to. */
    List<OutboxAlert> iteration(IterationRecord record, long seenAtMs) {
        Entry entry = changed(record.runId(), record.attempt(), record.producedAtMs(), seenAtMs);
        entry.tracker.iteration(record, seenAtMs);
        return judged(
                entry,
                record.runId(),
                record.attempt(),
                record.producedAtMs(),
                () -> rules.evaluate(entry.tracker.description(), record, entry.ruleState));
    }

    private List<OutboxAlert> judged(
            Entry entry, String runId, int attempt, long producedAtMs, Supplier<Verdict> judgement) {
        Verdict verdict;
        long began = System.nanoTime();
        try {
            verdict = judgement.get();
        } catch (RuntimeException e) {
            // a fault in a rule must not stop the log for everybody
            if (!entry.ruleFailed) {
                entry.ruleFailed = true;
                LOG.atError()
                        .addKeyValue("run", runId)
                        .addKeyValue("seq", entry.ruleState.seq())
                        .setCause(e)
                        .log("The rules failed on run {} behind number {}", runId, entry.ruleState.seq());
            }
            return List.of();
        } finally {
            ruleNanos += System.nanoTime() - began;
        }
        entry.ruleState = verdict.state();
        List<OutboxAlert> transitions = new ArrayList<>(0);
        for (Alert alert : verdict.transitions()) {
            entry.tracker.alert(alert);
            transitions.add(new OutboxAlert(runId, attempt, producedAtMs, alert));
        }
        return transitions;
    }

    /** Whether this is an iteration that its attempt has had already; no run is needed for it. */
    AttemptRange.Has has(IterationRecord record) {
        Entry entry = runs.get(record.runId());
        return entry == null ? AttemptRange.Has.NO : entry.tracker.has(record);
    }

    void histograms(HistogramsRecord record, long seenAtMs) {
        changed(record.runId(), record.attempt(), record.producedAtMs(), seenAtMs)
                .tracker
                .histograms(record.attempt(), seenAtMs);
    }

    /** Takes what is said of the trainer of a known run; gives the transitions of alerts that it led to. */
    List<OutboxAlert> state(TrainerRecord record, long seenAtMs) {
        Entry entry = changed(record.runId(), record.attempt(), record.producedAtMs(), seenAtMs);
        entry.tracker.state(record.attempt(), record.state(), seenAtMs);
        return judged(
                entry,
                record.runId(),
                record.attempt(),
                record.producedAtMs(),
                () -> rules.evaluate(entry.tracker.description(), record, entry.ruleState));
    }

    /** Takes an epoch and judges it; gives the transitions of alerts that it led to. */
    List<OutboxAlert> epoch(EpochRecord record, long seenAtMs) {
        Entry entry = changed(record.runId(), record.attempt(), record.producedAtMs(), seenAtMs);
        entry.tracker.epoch(record, seenAtMs);
        return judged(
                entry,
                record.runId(),
                record.attempt(),
                record.producedAtMs(),
                () -> rules.evaluate(entry.tracker.description(), record, entry.ruleState));
    }

    /** Takes what people say about a run, known or not; null: nothing any more. */
    void annotated(String runId, @Nullable RunAnnotation annotation) {
        if (annotation == null) {
            annotations.remove(runId);
        } else {
            annotations.put(runId, annotation);
        }
        Entry entry = runs.get(runId);
        if (entry != null) {
            entry.tracker.annotate(annotation);
            changed.put(runId, entry);
        }
    }

    /** Ids of the alerts of a run that an annotation may say something else about than the one before it. */
    Set<String> alertsOf(String runId, @Nullable RunAnnotation annotation) {
        Set<String> ids = new LinkedHashSet<>();
        for (RunAnnotation one : Arrays.asList(annotations.get(runId), annotation)) {
            if (one != null) {
                one.getAcknowledgedList().forEach(a -> ids.add(a.getAlertId()));
            }
        }
        Entry entry = runs.get(runId);
        if (entry != null) {
            entry.tracker.openAlerts().forEach(a -> ids.add(a.getAlertId()));
        }
        return ids;
    }

    /**
     * Lets time pass: some runs may have become silent.
     *
     * @param listeningSinceMs since when it could have been heard of them
     * @param log is told of those that are silent, or are not any more; again and again, until it comes back from there
     */
    void tick(long nowMs, long listeningSinceMs, TrainerStateLog log) {
        runs.forEach((id, entry) -> {
            if (entry.tracker.isNowSilent(nowMs, listeningSinceMs)) {
                changed.put(id, entry);
            }
            if (entry.tracker.hasNews(nowMs) && nowMs - entry.saidAtMs >= SAY_AGAIN_MS) {
                entry.saidAtMs = nowMs;
                log.append(id, entry.tracker.description().attempt(), entry.tracker.word(nowMs));
            }
        });
    }

    /** The run's number in history. */
    int runKey(String runId) {
        Entry entry = runs.get(runId);
        if (entry == null) {
            throw new IllegalStateException("no run " + runId);
        }
        return entry.runKey;
    }

    /** The alert's number in history. */
    int alertKey(String alertId) {
        return alertKeys.computeIfAbsent(alertId, id -> keys.newAlertKey());
    }

    /** Whether there is anything for {@link #save}. */
    boolean hasChanges() {
        return !changed.isEmpty();
    }

    /** Writes every run that has changed, without committing; gives them as they are now. */
    List<RunSummary> save(HistoryWriter writer) {
        List<RunSummary> summaries = new ArrayList<>(changed.size());
        for (Entry entry : changed.values()) {
            RunSummary summary = entry.tracker.summary();
            writer.run(entry.runKey, summary, entry.isNew, entry.described, entry.ruleState.toBytes());
            entry.isNew = false;
            entry.described = false;
            summaries.add(summary);
        }
        changed.clear();
        return summaries;
    }

    private RunTracker described(String runId, Function<String, RunTracker> first) {
        Entry entry = runs.computeIfAbsent(runId, id -> entered(first.apply(id)));
        entry.described = true;
        changed.put(runId, entry);
        return entry.tracker;
    }

    private Entry changed(String runId, int attempt, long producedAtMs, long seenAtMs) {
        Entry entry = runs.get(runId);
        if (entry == null) {
            LOG.warn("Run {} was never announced on gradwatch.runs; it is kept without names", runId);
            RunTracker placeholder = RunTracker.placeholder(runId, attempt, producedAtMs, seenAtMs);
            entry = entered(placeholder);
            runs.put(runId, entry);
        }
        // the description names the newest attempt
        entry.described |= attempt > entry.tracker.description().attempt();
        changed.put(runId, entry);
        return entry;
    }

    private static Entry entry(StoredRun stored) {
        Entry entry = new Entry(stored.runKey(), stored.tracker());
        stored.ruleState().ifPresent(bytes -> entry.ruleState = ruleState(stored, bytes));
        return entry;
    }

    private Entry entered(RunTracker tracker) {
        tracker.annotate(annotations.get(tracker.description().runId()));
        return new Entry(keys.newRunKey(), tracker).asNew();
    }

    private static RunState ruleState(StoredRun stored, byte[] bytes) {
        try {
            return RunState.fromBytes(bytes);
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "What the rules remembered of run {} cannot be read; they begin anew: {}",
                    stored.tracker().description().runId(),
                    e.getMessage());
            return RunState.EMPTY;
        }
    }

    private static final class Entry {
        private final int runKey;
        private final RunTracker tracker;
        private RunState ruleState = RunState.EMPTY;
        private boolean isNew;
        private boolean described;
        private boolean ruleFailed;
        private long saidAtMs = Long.MIN_VALUE / 2;

        Entry(int runKey, RunTracker tracker) {
            this.runKey = runKey;
            this.tracker = tracker;
        }

        Entry asNew() {
            isNew = true;
            described = true;
            return this;
        }
    }
}
