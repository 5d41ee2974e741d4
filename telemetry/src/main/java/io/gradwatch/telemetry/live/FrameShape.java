package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.List;

/** How large a run's frames are: rows of the newest attempt, as far as its records tell, and records of one frame. */
final class FrameShape {
    private final Limits limits;
    private int attempt;
    private int layers;
    private int batchNorms;

    FrameShape(Limits limits) {
        this.limits = limits;
    }

    /** A record of the newest attempt has come. */
    void see(IterationRecord record) {
        if (record.attempt() != attempt) {
            attempt = record.attempt();
            layers = 0;
            batchNorms = 0;
        }
        layers = Math.max(layers, FrameMetric.layers(record.iteration()));
        batchNorms = Math.max(batchNorms, FrameMetric.batchNorms(record.iteration()));
    }

    /** As many records as one frame may hold: of one attempt, and not too many bytes. */
    List<IterationRecord> chunk(List<IterationRecord> records, int from) {
        IterationRecord first = records.get(from);
        int most = Math.min(records.size(), from + pointsPerFrame(first));
        int to = from + 1;
        while (to < most && records.get(to).attempt() == first.attempt()) {
            to++;
        }
        return records.subList(from, to);
    }

    int pointsPerFrame(IterationRecord record) {
        FrameHead dimensions = head(FrameHead.Source.LIVE, List.of(record), -1, 0);
        return limits.pointsPerFrame(dimensions.layers(), dimensions.batchNorms());
    }

    FrameHead head(FrameHead.Source source, List<IterationRecord> records, long prev, long nowMs) {
        boolean known = records.get(0).attempt() == attempt;
        int rows = known ? layers : 0;
        int norms = known ? batchNorms : 0;
        for (IterationRecord record : records) {
            rows = Math.max(rows, FrameMetric.layers(record.iteration()));
            norms = Math.max(norms, FrameMetric.batchNorms(record.iteration()));
        }
        return new FrameHead(source, prev, rows, norms, nowMs);
    }
}
