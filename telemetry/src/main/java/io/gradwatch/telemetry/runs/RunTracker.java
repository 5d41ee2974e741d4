package io.gradwatch.telemetry.runs;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.TrainerState;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows one run record by record. Not thread-safe.
 *
 * <p>Records of the three topics come in the order of the log within a topic, but in any order between topics: a run's end
 * may be read before its last iterations, and changes nothing about them.
 */
public final class RunTracker {
    /** A run is silent after so long without a record. */
    public static final long SILENT_AFTER_MS = 30_000;

    /** ... or after so many of its median iteration times, if that is longer. */
    public static final int SILENT_AFTER_ITERATIONS = 20;

    private static final long NEWS_MS = 3_600_000;

    private final TreeMap<Integer, AttemptRange> attempts = new TreeMap<>();
    private final Map<String, Alert> openAlerts = new TreeMap<>();
    private final IterationTimes times = new IterationTimes();
    private final Validations validations = new Validations();
    private final Set<Sample> samples = EnumSet.noneOf(Sample.class);

    private RunDescription description;
    private boolean announced;
    private RunPhase phase;
    private long startedAtMs;
    private @Nullable Long endedAtMs;
    private long lastSeenMs;
    private String reason;
    private @Nullable Long iteration;
    private @Nullable Long epoch;
    private @Nullable Float loss;
    private @Nullable Float accuracy;
    private @Nullable Float learningRate;
    private long dropped;
    private @Nullable Result result;
    private @Nullable RunAnnotation annotation;
    private long seq;
    private int partition;
    /** While paused: the last iteration made. A later one tells that training goes on. */
    private long pausedAt = -1;
    /** What the log said last. */
    private boolean saidToBeSilent;

    /**
     * Takes a run up where it was.
     *
     * @param recentIterationMs newest iteration times in milliseconds, oldest first
     * @param openAlerts the newest transition of every alert that is not resolved
     * @param validations those of all epochs seen
     */
    public RunTracker(
            RunSummary summary,
            List<Float> recentIterationMs,
            Collection<Alert> openAlerts,
            Collection<Validation> validations) {
        this(summary.description(), summary.announced(), summary.startedAtMs(), summary.lastSeenMs());
        phase = summary.phase();
        endedAtMs = summary.endedAtMs();
        reason = summary.reason();
        iteration = summary.iteration();
        epoch = summary.epoch();
        loss = summary.loss();
        accuracy = summary.accuracy();
        learningRate = summary.learningRate();
        dropped = summary.dropped();
        result = summary.result();
        annotation = summary.annotation();
        seq = summary.seq();
        partition = summary.partition();
        pausedAt = iteration == null ? -1 : iteration;
        summary.attempts().forEach(a -> attempts.put(a.attempt(), a));
        samples.addAll(summary.samples());
        recentIterationMs.forEach(times::add);
        openAlerts.forEach(a -> this.openAlerts.put(a.getAlertId(), a));
        saidToBeSilent = openAlerts.stream().anyMatch(a -> a.getRule().equals("silent-run"));
        validations.forEach(this.validations::add);
    }

    private RunTracker(RunDescription description, boolean announced, long startedAtMs, long seenAtMs) {
        this.description = description;
        this.announced = announced;
        this.startedAtMs = startedAtMs;
        phase = RunPhase.RUNNING;
        lastSeenMs = seenAtMs;
        reason = "";
        seq = -1;
        partition = -1;
    }

    /** A run of which the first record is a start. */
    public static RunTracker announced(String runId, int attempt, RunStarted started, long seenAtMs) {
        return new RunTracker(new RunDescription(runId, attempt, started), true, started.getStartedAtMs(), seenAtMs);
    }

    /** A run that was never announced: it has no names, but nothing of it is lost. */
    public static RunTracker placeholder(String runId, int attempt, long producedAtMs, long seenAtMs) {
        return new RunTracker(
                new RunDescription(runId, attempt, RunStarted.getDefaultInstance()), false, producedAtMs, seenAtMs);
    }

    /** Takes the start of an attempt. That of an older attempt than the newest known changes nothing. */
    public void started(int attempt, RunStarted started, long seenAtMs) {
        if (attempt < description.attempt()) {
            return;
        }
        boolean next = attempt > description.attempt();
        if (!announced) {
            startedAtMs = started.getStartedAtMs();
        }
        announced = true;
        description = new RunDescription(description.runId(), attempt, started);
        if (next) {
            goOn();
        }
        seen(seenAtMs);
    }

    /** Takes the end of an attempt, which repeats its start. */
    public void ended(int attempt, RunEnded ended, long seenAtMs) {
        if (attempt < description.attempt()) {
            return;
        }
        started(attempt, ended.getStarted(), seenAtMs);
        phase = switch (ended.getOutcome()) {
            case FINISHED -> RunPhase.FINISHED;
            case FAILED -> RunPhase.FAILED;
            case STOPPED, OUTCOME_UNSPECIFIED, UNRECOGNIZED -> RunPhase.STOPPED;
        };
        endedAtMs = ended.getEndedAtMs();
        reason = ended.getReason();
        dropped = Math.max(dropped, ended.getDropped());
        result = ended.hasResult() ? ended.getResult() : null;
    }

    /** Takes an iteration. One of an older attempt counts for that attempt only. */
    public void iteration(IterationRecord record, long seenAtMs) {
        Iteration i = record.iteration();
        attempts.merge(
                record.attempt(),
                new AttemptRange(record.attempt(), i.getIteration(), i.getIteration(), 1),
                (old, one) -> old.with(i.getIteration()));
        seq = record.seq();
        partition = record.partition();
        samples.addAll(Sample.of(i));
        if (record.attempt() < description.attempt()) {
            return;
        }
        newest(record.attempt());
        iteration = i.getIteration();
        if (phase == RunPhase.PAUSED && i.getIteration() > pausedAt) {
            phase = RunPhase.RUNNING;
        }
        epoch = Integer.toUnsignedLong(i.getEpoch());
        loss = i.hasLoss() ? i.getLoss() : null;
        accuracy = i.hasAccuracy() ? i.getAccuracy() : null;
        learningRate = i.hasLearningRate() ? i.getLearningRate() : null;
        dropped = Math.max(dropped, i.getDropped());
        if (i.hasIterationMs()) {
            times.add(i.getIterationMs());
        }
        seen(seenAtMs);
    }

    /** Takes the end of an epoch. */
    public void epoch(EpochRecord record, long seenAtMs) {
        Epoch e = record.epoch();
        validations.add(new Validation(
                record.attempt(),
                Integer.toUnsignedLong(e.getEpoch()),
                e.getIteration(),
                e.hasValidationLoss() ? e.getValidationLoss() : null,
                e.hasValidationAccuracy() ? e.getValidationAccuracy() : null));
        heardOf(record.attempt(), seenAtMs);
    }

    /** Takes histograms of an attempt's iteration. */
    public void histograms(int attempt, long seenAtMs) {
        samples.add(Sample.HISTOGRAMS);
        heardOf(attempt, seenAtMs);
    }

    /**
     * Takes what a trainer says of itself. An older attempt's, and what an iteration has overtaken, changes nothing; nor does
     * that the run is silent, which is no word from it.
     */
    public void state(int attempt, TrainerState state, long seenAtMs) {
        saidToBeSilent = state.getState() == TrainerState.State.SILENT;
        if (attempt < description.attempt() || phase.ended() || saidToBeSilent) {
            return;
        }
        newest(attempt);
        seen(seenAtMs);
        if (state.getState() == TrainerState.State.TRAINING && phase == RunPhase.PAUSED) {
            phase = RunPhase.RUNNING;
        } else if (state.getState() == TrainerState.State.PAUSED
                && (iteration == null || iteration <= state.getIteration())) {
            phase = RunPhase.PAUSED;
            pausedAt = state.getIteration();
        }
    }

    private void heardOf(int attempt, long seenAtMs) {
        if (attempt >= description.attempt()) {
            newest(attempt);
            seen(seenAtMs);
        }
    }

    /** Takes what people say about the run; null: nothing any more. */
    public void annotate(@Nullable RunAnnotation annotation) {
        this.annotation = annotation;
    }

    /** Takes a transition of one of the run's alerts. */
    public void alert(Alert transition) {
        if (transition.getState() == Alert.State.RESOLVED) {
            openAlerts.remove(transition.getAlertId());
        } else {
            openAlerts.put(transition.getAlertId(), transition);
        }
    }

    /** The newest transition of every alert that is not resolved. */
    public List<Alert> openAlerts() {
        return List.copyOf(openAlerts.values());
    }

    /**
     * Lets time pass.
     *
     * @param listeningSinceMs since when it could have been heard: nothing before counts as silence
     * @return whether the run has just become silent
     */
    public boolean isNowSilent(long nowMs, long listeningSinceMs) {
        if (!phase.alive() || nowMs - Math.max(lastSeenMs, listeningSinceMs) <= patienceMs()) {
            return false;
        }
        phase = RunPhase.SILENT;
        return true;
    }

    /** After how long without a record the run is silent, in milliseconds. */
    public double patienceMs() {
        return Math.max(SILENT_AFTER_MS, SILENT_AFTER_ITERATIONS * times.median());
    }

    /** Whether the log has to be told that the run is silent, or that it is not any more; not of what is long ago. */
    public boolean hasNews(long nowMs) {
        boolean silent = phase == RunPhase.SILENT;
        return silent != saidToBeSilent && (!silent || nowMs - lastSeenMs < NEWS_MS);
    }

    /** What is to be said of the run's trainer now, by somebody else. */
    public TrainerState word(long nowMs) {
        TrainerState.Builder word = TrainerState.newBuilder().setIteration(iteration == null ? 0 : iteration);
        if (phase == RunPhase.SILENT) {
            return word.setState(TrainerState.State.SILENT)
                    .setSilentMs(nowMs - lastSeenMs)
                    .setPatienceMs(Math.round(patienceMs()))
                    .build();
        }
        return word.setState(phase == RunPhase.PAUSED ? TrainerState.State.PAUSED : TrainerState.State.TRAINING)
                .build();
    }

    /** What the run is doing. */
    public RunPhase phase() {
        return phase;
    }

    /** The newest attempt's description. */
    public RunDescription description() {
        return description;
    }

    /** Whether the record repeats one of its attempt. */
    public AttemptRange.Has has(IterationRecord record) {
        AttemptRange range = attempts.get(record.attempt());
        return range == null
                ? AttemptRange.Has.NO
                : range.has(record.iteration().getIteration());
    }

    /** The run as it is now. */
    public RunSummary summary() {
        int firing = 0;
        Alert.Severity worst = null;
        for (Alert alert : openAlerts.values()) {
            if (alert.getState() == Alert.State.FIRING) {
                firing++;
                if (worst == null || alert.getSeverity().compareTo(worst) > 0) {
                    worst = alert.getSeverity();
                }
            }
        }
        Validations.Counting validation = validations.counting(attempts.values());
        Validation newest = validation.newest();
        return new RunSummary(
                description,
                announced,
                phase,
                startedAtMs,
                endedAtMs,
                lastSeenMs,
                reason,
                iteration,
                epoch,
                loss,
                accuracy,
                learningRate,
                dropped,
                newest == null ? null : newest.loss(),
                newest == null ? null : newest.accuracy(),
                validation.bestAccuracy(),
                seq,
                partition,
                firing,
                worst,
                List.copyOf(attempts.values()),
                result,
                samples,
                annotation);
    }

    /** A record of an attempt that was not announced yet: its description is that of the attempt before. */
    private void newest(int attempt) {
        if (attempt > description.attempt()) {
            description = new RunDescription(description.runId(), attempt, description.started());
            goOn();
        }
    }

    private void goOn() {
        phase = RunPhase.RUNNING;
        endedAtMs = null;
        reason = "";
        dropped = 0;
        result = null;
    }

    private void seen(long atMs) {
        lastSeenMs = Math.max(lastSeenMs, atMs);
        if (phase == RunPhase.SILENT) {
            phase = RunPhase.RUNNING;
        }
    }
}
