package io.gradwatch.telemetry.history;

import java.util.Arrays;

/** Layers × buckets. A cell without rows has count 0; mean, min and max of a cell without finite values are NaN. */
public final class HeatMap {
    private final Buckets buckets;
    private final int rows;
    private final float[] mean;
    private final float[] min;
    private final float[] max;
    private final float[] nan;
    private final float[] inf;
    private final float[] count;

    HeatMap(Buckets buckets, int rows) {
        this.buckets = buckets;
        this.rows = rows;
        int cells = Math.multiplyExact(rows, buckets.number());
        mean = filled(cells, Float.NaN);
        min = filled(cells, Float.NaN);
        max = filled(cells, Float.NaN);
        nan = new float[cells];
        inf = new float[cells];
        count = new float[cells];
    }

    void put(int row, Bucket bucket) {
        int cell = row * columns() + Math.toIntExact((bucket.from() - buckets.from()) / buckets.width());
        mean[cell] = bucket.mean() == null ? Float.NaN : bucket.mean().floatValue();
        min[cell] = bucket.min() == null ? Float.NaN : bucket.min().floatValue();
        max[cell] = bucket.max() == null ? Float.NaN : bucket.max().floatValue();
        nan[cell] = bucket.nan();
        inf[cell] = bucket.inf();
        count[cell] = bucket.count();
    }

    /** The range and its columns. */
    public Buckets buckets() {
        return buckets;
    }

    /** Number of layers or BN layers. */
    public int rows() {
        return rows;
    }

    /** Number of buckets. */
    public int columns() {
        return buckets.number();
    }

    /** First iteration of each column. */
    public double[] starts() {
        double[] starts = new double[columns()];
        Arrays.setAll(starts, buckets::start);
        return starts;
    }

    /** Row-major: {@code rows() * columns()} cells. This map's own array: do not change it. So are the others. */
    public float[] mean() {
        return mean;
    }

    /** Smallest finite value of each cell. */
    public float[] min() {
        return min;
    }

    /** Largest finite value of each cell. */
    public float[] max() {
        return max;
    }

    /** Number of NaN in each cell. */
    public float[] nan() {
        return nan;
    }

    /** Number of infinities in each cell. */
    public float[] inf() {
        return inf;
    }

    /** Number of values in each cell; 0: no rows. */
    public float[] count() {
        return count;
    }

    private static float[] filled(int cells, float value) {
        float[] array = new float[cells];
        Arrays.fill(array, value);
        return array;
    }
}
