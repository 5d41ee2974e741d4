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
        double s0 = 0, s1 = 0;
        double q0 = 0, q1 = 0;
        int i = 0;
        for (; i <= count - 2; i += 2) {
            double d0 = a[i] - shift;
            double d1 = a[i + 1] - shift;
            s0 += d0;
            s1 += d1;
            q0 += d0 * d0;
            q1 += d1 * d1;
        }
        if (i < count) {
            double d = a[i] - shift;
            s0 += d;
            q0 += d * d;
        }
        sum += s0 + s1;
        squares += q0 + q1;
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
        int channel = (int) (signsSeen / inner % channels);
        long left = inner - signsSeen % inner;
        for (int i = 0; i < count; ) {
            int end = (int) Math.min(count, i + left);
            long n = 0;
            for (int k = i; k < end; k++) {
                n += a[k] < atZero || (atMost && a[k] == atZero) ? 1 : 0;
            }
            negative[channel] += n;
            left -= end - i;
            if (left == 0) {
                left = inner;
                channel = channel + 1 == channels ? 0 : channel + 1;
            }
            i = end;
        }
        signsSeen += count;
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
