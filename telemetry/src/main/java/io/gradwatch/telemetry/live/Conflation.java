package io.gradwatch.telemetry.live;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many iterations of one attempt as one point, in memory that does not grow with their number: the last value, the finite extremes, the
 * sums of counters.
 */
final class Conflation {
    private final MetricSet metrics;
    private final List<FrameMetric> wanted;
    /** Per metric, and in it per row. */
    private final double[][] last;

    private final double[][] min;
    private final double[][] max;
    private int layers;
    private int batchNorms;
    private int count;
    /** What was sampled in any of the iterations. */
    private int sampled;

    private @Nullable IterationRecord oldest;
    private @Nullable IterationRecord newest;

    Conflation(MetricSet metrics) {
        this.metrics = metrics;
        this.wanted = metrics.metrics();
        this.last = new double[wanted.size()][0];
        this.min = new double[wanted.size()][0];
        this.max = new double[wanted.size()][0];
    }

    /** Whether the record may be added: all are of one attempt. */
    boolean takes(IterationRecord record) {
        return newest == null || newest.attempt() == record.attempt();
    }

    /** Newest sequence number taken; -1 when nothing was. */
    long seqTo() {
        return newest == null ? -1 : newest.seq();
    }

    /** Takes one more record, newer than all before. */
    void add(IterationRecord record) {
        Iteration iteration = record.iteration();
        layers = Math.max(layers, FrameMetric.layers(iteration));
        batchNorms = Math.max(batchNorms, FrameMetric.batchNorms(iteration));
        if (count++ == 0) {
            oldest = record;
        }
        newest = record;
        sampled |= SampledMetrics.flags(iteration);
        for (int m = 0; m < wanted.size(); m++) {
            FrameMetric metric = wanted.get(m);
            if (metric.sampled && !metric.isIn(iteration)) {
                continue; // the last sample stands
            }
            int rows = metric.rows(layers, batchNorms);
            if (last[m].length < rows) {
                last[m] = longer(last[m], rows, metric.counter ? 0 : Double.NaN);
                min[m] = longer(min[m], metric.counter ? 0 : rows, Double.NaN);
                max[m] = longer(max[m], metric.counter ? 0 : rows, Double.NaN);
            }
            for (int row = 0; row < rows; row++) {
                double value = metric.at(iteration, row);
                if (metric.counter) {
                    last[m][row] += value;
                    continue;
                }
                last[m][row] = value;
                if (Double.isFinite(value)) {
                    min[m][row] = min[m][row] <= value ? min[m][row] : value;
                    max[m][row] = max[m][row] >= value ? max[m][row] : value;
                }
            }
        }
    }

    /** Everything taken so far as a frame of one point, and empties this. At least one record must have been taken. */
    Buffer drain(long prev, long sentAtMs) {
        return drain("", prev, sentAtMs);
    }

    /** The same for a replay. */
    Buffer drain(String replay, long prev, long sentAtMs) {
        IterationRecord first = oldest;
        IterationRecord record = newest;
        if (first == null || record == null) {
            throw new IllegalStateException("nothing to send");
        }
        FrameWriter frame = new FrameHead(FrameHead.Source.LIVE, replay, prev, layers, batchNorms, sentAtMs)
                .write(first, record, 1, true)
                .number("iterationFrom", first.iteration().getIteration())
                .f64("iteration", 1, out -> out.putDouble(record.iteration().getIteration()))
                .f32("epoch", 1, out -> out.putFloat(record.iteration().getEpoch()));
        for (int m = 0; m < wanted.size(); m++) {
            if (wanted.get(m).sampled) {
                if (last[m].length == 0) {
                    continue;
                }
                int rows = wanted.get(m).rows(layers, batchNorms);
                last[m] = longer(last[m], rows, Double.NaN);
                min[m] = longer(min[m], rows, Double.NaN);
                max[m] = longer(max[m], rows, Double.NaN);
            }
            String name = metrics.names().get(m);
            block(frame, name, wanted.get(m), last[m]);
            if (!wanted.get(m).counter) {
                block(frame, name + ".min", wanted.get(m), min[m]);
                block(frame, name + ".max", wanted.get(m), max[m]);
            }
        }
        int iterations = count;
        int flags = PointsFrame.flags(record.iteration()) | sampled;
        Buffer bytes = frame.f32("flags", 1, out -> out.putFloat(flags))
                .f32("count", 1, out -> out.putFloat(iterations))
                .frame();
        clear();
        return bytes;
    }

    private static void block(FrameWriter frame, String name, FrameMetric metric, double[] values) {
        FrameWriter.Values all = out -> {
            for (double value : values) {
                if (metric.wide) {
                    out.putDouble(value);
                } else {
                    out.putFloat((float) value);
                }
            }
        };
        if (metric.wide) {
            frame.f64(name, 1, all);
        } else if (metric.per == FrameMetric.Per.ITERATION) {
            frame.f32(name, 1, all);
        } else if (values.length > 0) {
            frame.f32(name, 1, values.length, all);
        }
    }

    private void clear() {
        count = 0;
        sampled = 0;
        oldest = null;
        newest = null;
        layers = 0;
        batchNorms = 0;
        Arrays.fill(last, new double[0]);
        Arrays.fill(min, new double[0]);
        Arrays.fill(max, new double[0]);
    }

    private static double[] longer(double[] values, int length, double filler) {
        double[] longer = Arrays.copyOf(values, length);
        Arrays.fill(longer, Math.min(values.length, length), length, filler);
        return longer;
    }
}
