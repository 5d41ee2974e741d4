package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.stream.IterationRecord;

/**
 * What a frame of points says about itself.
 *
 * @param replay id of the replay that it belongs to; empty for what is live
 * @param prev last sequence number before the frame, as the viewer knows it; -1: none
 * @param layers rows of the metrics per layer
 * @param batchNorms rows of the metrics per batch-normalisation layer
 * @param sentAtMs milliseconds since 1970
 */
record FrameHead(Source source, String replay, long prev, int layers, int batchNorms, long sentAtMs) {
    enum Source {
        LIVE,
        CATCHUP
    }

    FrameHead(Source source, long prev, int layers, int batchNorms, long sentAtMs) {
        this(source, "", prev, layers, batchNorms, sentAtMs);
    }

    FrameHead ofReplay(String id) {
        return new FrameHead(source, id, prev, layers, batchNorms, sentAtMs);
    }

    /**
     * Begins a frame.
     *
     * @param oldest the first record that it tells of
     * @param newest the last one, of the same attempt
     */
    FrameWriter write(IterationRecord oldest, IterationRecord newest, int points, boolean conflated) {
        FrameWriter frame = new FrameWriter().text("type", "points").text("run", newest.runId());
        return (replay.isEmpty() ? frame : frame.text("replay", replay))
                .number("attempt", newest.attempt())
                .text("source", source == Source.LIVE ? "live" : "catchup")
                .number("points", points)
                .number("seqFrom", oldest.seq())
                .number("seqTo", newest.seq())
                .number("prev", prev)
                .flag("conflated", conflated)
                .number("layers", layers)
                .number("batchNorms", batchNorms)
                .number("dropped", newest.iteration().getDropped())
                .number("producedAt", newest.producedAtMs())
                .number("sentAt", sentAtMs);
    }
}
