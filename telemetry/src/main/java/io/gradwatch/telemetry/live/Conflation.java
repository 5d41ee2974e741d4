package io.gradwatch.telemetry.live;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many iterations as one point, in memory that does not grow with their number: the last value, the finite extremes, the
 * sums of counters.
 */
final class Conflation {
    private final MetricSet metrics;
    private final List<FrameMetric> wanted;
    /** Per metric, and in it per row. */
    private final float[][] last;

    private final float[][] min;
    private final float[][] max;
    private int layers;
    private int batchNorms;
    private int count;
    private long seqFrom;
    private @Nullable IterationRecord newest;

    Conflation(MetricSet metrics) {
        this.metrics = metrics;
        this.wanted = metrics.metrics();
        this.last = new float[wanted.size()][0];
        this.min = new float[wanted.size()][0];
        this.max = new float[wanted.size()][0];
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Takes one more record, newer than all before. */
    void add(IterationRecord record) {
        Iteration iteration = record.iteration();
        layers = Math.max(layers, FrameMetric.layers(iteration));
        batchNorms = Math.max(batchNorms, FrameMetric.batchNorms(iteration));
        if (count++ == 0) {
            seqFrom = record.seq();
        }
        newest = record;
        for (int m = 0; m < wanted.size(); m++) {
            FrameMetric metric = wanted.get(m);
            int rows = metric.rows(layers, batchNorms);
            if (last[m].length < rows) {
                last[m] = longer(last[m], rows, metric.counter ? 0 : Float.NaN);
                min[m] = longer(min[m], metric.counter ? 0 : rows, Float.NaN);
                max[m] = longer(max[m], metric.counter ? 0 : rows, Float.NaN);
            }
            for (int row = 0; row < rows; row++) {
                float value = metric.at(iteration, row);
                if (metric.counter) {
                    last[m][row] += value;
                    continue;
                }
                last[m][row] = value;
                if (Float.isFinite(value)) {
                    min[m][row] = min[m][row] <= value ? min[m][row] : value;
                    max[m][row] = max[m][row] >= value ? max[m][row] : value;
                }
            }
        }
    }

    /** Everything taken so far as a frame of one point, and empties this. At least one record must have been taken. */
    Buffer drain(long prev, long sentAtMs) {
        IterationRecord record = newest;
        if (record == null) {
            throw new IllegalStateException("nothing to send");
        }
        FrameWriter frame = new FrameHead(FrameHead.Source.LIVE, prev, layers, batchNorms, sentAtMs)
                .write(record, 1, seqFrom, true)
                .f64("iteration", 1, out -> out.putDouble(record.iteration().getIteration()))
                .f32("epoch", 1, out -> out.putFloat(record.iteration().getEpoch()));
        for (int m = 0; m < wanted.size(); m++) {
            String name = metrics.names().get(m);
            block(frame, name, wanted.get(m), last[m]);
            if (!wanted.get(m).counter) {
                block(frame, name + ".min", wanted.get(m), min[m]);
                block(frame, name + ".max", wanted.get(m), max[m]);
            }
        }
        int iterations = count;
        Buffer bytes = frame.f32("flags", 1, out -> out.putFloat(PointsFrame.flags(record.iteration())))
                .f32("count", 1, out -> out.putFloat(iterations))
                .frame();
        clear();
        return bytes;
    }

    private static void block(FrameWriter frame, String name, FrameMetric metric, float[] values) {
        FrameWriter.Values all = out -> {
            for (float value : values) {
                out.putFloat(value);
            }
        };
        if (metric.per == FrameMetric.Per.ITERATION) {
            frame.f32(name, 1, all);
        } else if (values.length > 0) {
            frame.f32(name, 1, values.length, all);
        }
    }

    private void clear() {
        count = 0;
        newest = null;
        layers = 0;
        batchNorms = 0;
        Arrays.fill(last, new float[0]);
        Arrays.fill(min, new float[0]);
        Arrays.fill(max, new float[0]);
    }

    private static float[] longer(float[] values, int length, float filler) {
        float[] longer = Arrays.copyOf(values, length);
        Arrays.fill(longer, Math.min(values.length, length), length, filler);
        return longer;
    }
}
