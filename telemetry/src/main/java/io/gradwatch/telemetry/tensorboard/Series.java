package io.gradwatch.telemetry.tensorboard;

import java.util.TreeMap;

/** The values of a tag by their steps. When a step comes again, so do those behind it: the later ones count. */
final class Series {
    /** A value and when it was written, milliseconds since 1970. */
    record Point(float value, long atMs) {}

    private final TreeMap<Long, Point> points = new TreeMap<>();

    void add(long step, float value, double wallTime) {
        if (!points.isEmpty() && step <= points.lastKey()) {
            points.tailMap(step, true).clear();
        }
        points.put(step, new Point(value, Math.round(wallTime * 1000)));
    }

    TreeMap<Long, Point> points() {
        return points;
    }
}
