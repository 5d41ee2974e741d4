package io.gradwatch.telemetry.rules;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Everything that the rules remember of one run. Immutable.
 *
 * <p>It carries over a resume: a new attempt goes on with the smoothed gradients, counters and open alerts of the one
 * before, also where it repeats iterations from its checkpoint on.
 */
public final class RunState {
    /** The state of a run of which no record has been seen. */
    public static final RunState EMPTY =
            new RunState(0, -1, -1, 0, SmoothedGradient.NONE, Trace.NONE, Map.of(), Map.of());

    private final int attempt;
    private final long iteration;
    private final long seq;
    private final long evaluated;
    private final SmoothedGradient smoothed;
    private final Trace trace;
    private final Map<String, double[]> memories;
    private final Map<String, AlertState> alerts;

    /**
     * @param attempt of the last record taken; 0: none
     * @param iteration of the last record taken; -1: none
     * @param seq of the last record seen, taken or not; -1: none
     * @param evaluated iterations that the rules have judged
     * @param memories what rules remember, by rule and version; the arrays are not changed any more
     * @param alerts by rule and version ({@link #key})
     */
    RunState(
            int attempt,
            long iteration,
            long seq,
            long evaluated,
            SmoothedGradient smoothed,
            Trace trace,
            Map<String, double[]> memories,
            Map<String, AlertState> alerts) {
        this.attempt = attempt;
        this.iteration = iteration;
        this.seq = seq;
        this.evaluated = evaluated;
        this.smoothed = smoothed;
        this.trace = trace;
        this.memories = memories;
        this.alerts = alerts;
    }

    /**
     * Serialises the state; {@link #fromBytes} reads it back exactly.
     *
     * @return about 4 KB and 50 bytes a layer
     */
    public byte[] toBytes() {
        return StateBytes.write(this);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException when the bytes are damaged or of another version of the form; then evaluate the
     *     run anew from its first record, or start from {@link #EMPTY}
     */
    public static RunState fromBytes(byte[] bytes) {
        return StateBytes.read(bytes);
    }

    /** Sequence number of the newest record that this state has seen; -1 before the first. */
    public long seq() {
        return seq;
    }

    int attempt() {
        return attempt;
    }

    long iteration() {
        return iteration;
    }

    long evaluated() {
        return evaluated;
    }

    SmoothedGradient smoothed() {
        return smoothed;
    }

    Trace trace() {
        return trace;
    }

    Map<String, double[]> memories() {
        return Collections.unmodifiableMap(memories);
    }

    double[] memory(Rule rule) {
        return memories.getOrDefault(key(rule), Look.NOTHING);
    }

    Map<String, AlertState> alerts() {
        return Collections.unmodifiableMap(alerts);
    }

    AlertState alert(Rule rule) {
        AlertState state = alerts.get(key(rule));
        return state == null ? AlertState.INACTIVE : state;
    }

    /** The same but for the newest record seen. */
    RunState seen(long newSeq) {
        return new RunState(attempt, iteration, newSeq, evaluated, smoothed, trace, memories, alerts);
    }

    static String key(Rule rule) {
        return key(rule.name(), rule.version());
    }

    static String key(String rule, int version) {
        return rule + " " + version;
    }

    /** The same without what other rules than these have left; the state itself where there is nothing of the kind. */
    RunState of(Set<String> keys) {
        if (keys.containsAll(memories.keySet()) && keys.containsAll(alerts.keySet())) {
            return this;
        }
        Map<String, double[]> theirMemories = new HashMap<>(memories);
        Map<String, AlertState> theirAlerts = new HashMap<>(alerts);
        theirMemories.keySet().retainAll(keys);
        theirAlerts.keySet().retainAll(keys);
        return new RunState(attempt, iteration, seq, evaluated, smoothed, trace, theirMemories, theirAlerts);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunState that
                && attempt == that.attempt
                && iteration == that.iteration
                && seq == that.seq
                && evaluated == that.evaluated
                && smoothed.equals(that.smoothed)
                && trace.equals(that.trace)
                && memories.keySet().equals(that.memories.keySet())
                && memories.entrySet().stream()
                        .allMatch(e -> Arrays.equals(e.getValue(), that.memories.get(e.getKey())))
                && alerts.equals(that.alerts);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(seq) * 31 + smoothed.hashCode();
    }

    @Override
    public String toString() {
        return "RunState[attempt " + attempt + ", iteration " + iteration + ", seq " + seq + ", evaluated " + evaluated
                + ", " + alerts + "]";
    }
}
