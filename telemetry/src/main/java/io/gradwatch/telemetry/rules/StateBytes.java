package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.telemetry.rules.AlertState.Judged;
import io.gradwatch.telemetry.rules.AlertState.Opening;
import io.gradwatch.telemetry.rules.AlertState.Phase;
import io.gradwatch.telemetry.rules.Finding.Concern;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** {@link RunState} as bytes: equal states give equal bytes. */
final class StateBytes {
    private static final int VERSION = 3;
    /** Without {@link AlertState#judged}. */
    private static final int OLDEST = 2;

    private static final int MOST = 1_000_000;

    private StateBytes() {}

    static byte[] write(RunState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            out.writeInt(state.attempt());
            out.writeLong(state.iteration());
            out.writeLong(state.seq());
            out.writeLong(state.evaluated());
            out.writeInt(state.smoothed().layers());
            for (int i = 0; i < state.smoothed().layers(); i++) {
                out.writeDouble(state.smoothed().at(i));
            }
            writeTrace(out, state.trace());
            out.writeInt(state.memories().size());
            for (Map.Entry<String, double[]> memory : new TreeMap<>(state.memories()).entrySet()) {
                out.writeUTF(memory.getKey());
                out.writeInt(memory.getValue().length);
                for (double value : memory.getValue()) {
                    out.writeDouble(value);
                }
            }
            out.writeInt(state.alerts().size());
            for (Map.Entry<String, AlertState> alert : new TreeMap<>(state.alerts()).entrySet()) {
                out.writeUTF(alert.getKey());
                writeAlert(out, alert.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array does not fail
        }
        return bytes.toByteArray();
    }

    static RunState read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readInt();
            if (version < OLDEST || version > VERSION) {
                throw new IllegalArgumentException(
                        "rule state of version " + version + "; accepted is " + OLDEST + " to " + VERSION);
            }
            int attempt = in.readInt();
            long iteration = in.readLong();
            long seq = in.readLong();
            long evaluated = in.readLong();
            double[] x = new double[size(in)];
            for (int i = 0; i < x.length; i++) {
                x[i] = in.readDouble();
            }
            Trace trace = new Trace(in.readDouble(), in.readDouble(), in.readDouble(), in.readLong());
            Map<String, double[]> memories = new HashMap<>();
            for (int n = size(in); n > 0; n--) {
                String rule = in.readUTF();
                double[] memory = new double[size(in)];
                for (int i = 0; i < memory.length; i++) {
                    memory[i] = in.readDouble();
                }
                memories.put(rule, memory);
            }
            Map<String, AlertState> alerts = new HashMap<>();
            for (int n = size(in); n > 0; n--) {
                alerts.put(in.readUTF(), readAlert(in, version, evaluated));
            }
            if (in.read() >= 0) {
                throw new IllegalArgumentException("rule state is damaged: bytes after its end");
            }
            return new RunState(attempt, iteration, seq, evaluated, SmoothedGradient.of(x), trace, memories, alerts);
        } catch (IOException e) {
            throw new IllegalArgumentException("rule state is damaged: it ends too early", e);
        }
    }

    private static void writeTrace(DataOutputStream out, Trace trace) throws IOException {
        out.writeDouble(trace.loss());
        out.writeDouble(trace.accuracy());
        out.writeDouble(trace.learningRate());
        out.writeLong(trace.steadySince());
    }

    private static void writeAlert(DataOutputStream out, AlertState alert) throws IOException {
        out.writeByte(alert.phase().ordinal());
        out.writeByte(alert.severity().getNumber());
        out.writeInt(alert.heldFor());
        out.writeInt(alert.criticalFor());
        out.writeInt(alert.belowCriticalFor());
        out.writeInt(alert.clearFor());
        out.writeLong(alert.heldSinceMs());
        out.writeLong(alert.clearSinceMs());
        out.writeInt(alert.transitions());
        out.writeInt(alert.opening().attempt());
        out.writeLong(alert.opening().iteration());
        out.writeLong(alert.opening().offset());
        out.writeInt(alert.concern().cut().orElse(-1));
        out.writeInt(alert.concern().layers().size());
        for (int layer : alert.concern().layers()) {
            out.writeInt(layer);
        }
        out.writeLong(alert.judged().last());
        out.writeLong(alert.judged().longestPause());
    }

    private static AlertState readAlert(DataInputStream in, int version, long evaluated) throws IOException {
        int phase = in.readByte();
        Severity severity = Severity.forNumber(in.readByte());
        if (phase < 0 || phase >= Phase.values().length || severity == null) {
            throw new IllegalArgumentException("rule state is damaged: no such phase or severity");
        }
        int heldFor = in.readInt();
        int criticalFor = in.readInt();
        int belowCriticalFor = in.readInt();
        int clearFor = in.readInt();
        long heldSinceMs = in.readLong();
        long clearSinceMs = in.readLong();
        int transitions = in.readInt();
        Opening opening = new Opening(in.readInt(), in.readLong(), in.readLong());
        int cut = in.readInt();
        List<Integer> layers = new ArrayList<>();
        for (int n = size(in); n > 0; n--) {
            layers.add(in.readInt());
        }
        Judged judged = version > OLDEST
                ? new Judged(in.readLong(), in.readLong())
                : phase == Phase.INACTIVE.ordinal() ? Judged.NEVER : new Judged(evaluated, 0);
        return new AlertState(
                Phase.values()[phase],
                severity,
                heldFor,
                criticalFor,
                belowCriticalFor,
                clearFor,
                heldSinceMs,
                clearSinceMs,
                transitions,
                opening,
                new Concern(layers, cut < 0 ? OptionalInt.empty() : OptionalInt.of(cut)),
                judged);
    }

    private static int size(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > MOST) {
            throw new IllegalArgumentException("rule state is damaged: a list of " + size);
        }
        return size;
    }
}
