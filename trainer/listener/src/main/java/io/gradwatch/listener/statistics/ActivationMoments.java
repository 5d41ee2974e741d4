package io.gradwatch.listener.statistics;

import io.gradwatch.listener.network.NonLinearity;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean, deviation and signs of one layer's activations, added piece by piece in C order. Reused: {@link #reset} first,
 * then {@link #expect}.
 */
final class ActivationMoments {
    /** A channel is one-sided when at least this share of its pre-activations is negative. */
    private static final double ONE_SIDED = 0.99;

    private NonLinearity.Kind kind = NonLinearity.Kind.UNKNOWN;
    private float atZero;
    private long inner = 1;
    private int channels;
    private long[] negative = new long[0];
    private long seen;
    private long signsSeen;
    private double shift;
    private double sum;
    private double squares;

    void reset() {
        seen = 0;
        signsSeen = 0;
        sum = 0;
        squares = 0;
        kind = NonLinearity.Kind.UNKNOWN;
    }

    /** Whether anything was added since the last reset. */
    boolean any() {
        return seen > 0;
    }

    /** What comes: an array of this shape, with channels in this dimension, behind this non-linearity. */
    void expect(INDArray array, int channelAxis, NonLinearity nonLinearity) {
        int axis = channelAxis < array.rank() ? channelAxis : array.rank() - 1;
        channels = Math.toIntExact(array.size(axis));
        inner = 1;
        for (int i = axis + 1; i < array.rank(); i++) {
            inner *= array.size(i);
        }
        kind = nonLinearity.kind();
        atZero = nonLinearity.atZero();
        if (negative.length != channels) {
            negative = new long[channels];
        } else {
            Arrays.fill(negative, 0);
        }
    }

    void add(float[] a, int count, boolean withSigns) {
        if (seen == 0 && count > 0) {
            // near the mean, so that a small deviation does not drown in a large mean
            shift = Float.isFinite(a[0]) ? a[0] : 0;
        }
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        double q0 = 0, q1 = 0, q2 = 0, q3 = 0;
        int i = 0;
        for (; i <= count - 4; i += 4) {
            double d0 = a[i] - shift;
            double d1 = a[i + 1] - shift;
            double d2 = a[i + 2] - shift;
            double d3 = a[i + 3] - shift;
            s0 += d0;
            s1 += d1;
            s2 += d2;
            s3 += d3;
            q0 += d0 * d0;
            q1 += d1 * d1;
            q2 += d2 * d2;
            q3 += d3 * d3;
        }
        for (; i < count; i++) {
            double d = a[i] - shift;
            s0 += d;
            q0 += d * d;
        }
        sum += (s0 + s1) + (s2 + s3);
        squares += (q0 + q1) + (q2 + q3);
        seen += count;
        if (withSigns) {
            addSigns(a, count);
        }
    }

    void addSigns(float[] a, int count) {
        boolean atMost = kind == NonLinearity.Kind.AT_MOST;
        if (!atMost && kind != NonLinearity.Kind.BELOW) {
            return;
        }
        // with "or equal", one step further
        float limit = atMost ? Math.nextUp(atZero) : atZero;
        if (inner == 1) {
            channelsLast(a, count, limit);
        } else {
            channelsFirst(a, count, limit);
        }
        signsSeen += count;
    }

    private void channelsLast(float[] a, int count, float limit) {
        int channel = (int) (signsSeen % channels);
        int i = 0;
        while (i < count) {
            int n = Math.min(channels - channel, count - i);
            for (int c = 0; c < n; c++) {
                negative[channel + c] += a[i + c] < limit ? 1 : 0;
            }
            i += n;
            channel = 0;
        }
    }

    private void channelsFirst(float[] a, int count, float limit) {
        int channel = (int) (signsSeen / inner % channels);
        long left = inner - signsSeen % inner;
        for (int i = 0; i < count; ) {
            int end = (int) Math.min(count, i + left);
            int n = 0;
            for (int k = i; k < end; k++) {
                n += a[k] < limit ? 1 : 0;
            }
            negative[channel] += n;
            left -= end - i;
            if (left == 0) {
                left = inner;
                channel = channel + 1 == channels ? 0 : channel + 1;
            }
            i = end;
        }
    }

    double mean() {
        return seen == 0 ? Double.NaN : shift + sum / seen;
    }

    double standardDeviation() {
        if (seen == 0) {
            return Double.NaN;
        }
        double variance = (squares - sum * sum / seen) / seen;
        return variance < 0 ? 0 : Math.sqrt(variance);
    }

    double negativeFraction() {
        return signsSeen == 0 ? Double.NaN : (double) Arrays.stream(negative).sum() / signsSeen;
    }

    double oneSidedFraction() {
        if (signsSeen == 0) {
            return Double.NaN;
        }
        double enough = ONE_SIDED * signsSeen / channels;
        return (double) Arrays.stream(negative).filter(n -> n >= enough).count() / channels;
    }
}
