package io.gradwatch.telemetry.live;

import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** A frame in which every point is one iteration. */
final class PointsFrame {
    private PointsFrame() {}

    /** @param records of one run and one attempt, at least one, ascending */
    static Buffer encode(FrameHead head, List<IterationRecord> records, MetricSet metrics) {
        int points = records.size();
        FrameWriter frame = head.write(records.get(0), records.get(points - 1), points, false)
                .f64("iteration", points, out -> {
                    for (IterationRecord record : records) {
                        out.putDouble(record.iteration().getIteration());
                    }
                })
                .f32("epoch", points, out -> {
                    for (IterationRecord record : records) {
                        out.putFloat(record.iteration().getEpoch());
                    }
                });
        List<FrameMetric> wanted = metrics.metrics();
        for (int i = 0; i < wanted.size(); i++) {
            FrameMetric metric = wanted.get(i);
            if (metric.sampled && records.stream().noneMatch(r -> metric.isIn(r.iteration()))) {
                continue;
            }
            int rows = metric.rows(head.layers(), head.batchNorms());
            FrameWriter.Values values = out -> {
                for (IterationRecord record : records) {
                    Iteration iteration = record.iteration();
                    for (int row = 0; row < rows; row++) {
                        if (metric.wide) {
                            out.putDouble(metric.at(iteration, row));
                        } else {
                            out.putFloat((float) metric.at(iteration, row));
                        }
                    }
                }
            };
            if (metric.wide) {
                frame.f64(metrics.names().get(i), points, values);
            } else if (metric.per == FrameMetric.Per.ITERATION) {
                frame.f32(metrics.names().get(i), points, values);
            } else if (rows > 0) {
                frame.f32(metrics.names().get(i), points, rows, values);
            }
        }
        return frame.f32("flags", points, out -> {
                    for (IterationRecord record : records) {
                        out.putFloat(flags(record.iteration()));
                    }
                })
                .frame();
    }

    /** Bit 0 loss, bit 1 accuracy, bit 2 learning rate were not measured; the next ones say what was sampled. */
    static int flags(Iteration iteration) {
        return (iteration.hasLoss() ? 0 : 1)
                | (iteration.hasAccuracy() ? 0 : 2)
                | (iteration.hasLearningRate() ? 0 : 4)
                | SampledMetrics.flags(iteration);
    }
}
