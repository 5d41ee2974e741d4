package io.gradwatch.listener.probe;

/** Pearson's correlation coefficient, added to piece by piece. */
final class Correlation implements Products.Pairs {
    private long n;
    private double shiftA;
    private double shiftB;
    private double a;
    private double b;
    private double aa;
    private double bb;
    private double ab;

    @Override
    public void add(double[] x, double[] y, int count) {
        if (n == 0 && count > 0) {
            // so that a constant has a deviation of exactly nothing
            shiftA = x[0];
            shiftB = y[0];
        }
        for (int i = 0; i < count; i++) {
            double u = x[i] - shiftA;
            double v = y[i] - shiftB;
            a += u;
            b += v;
            aa += u * u;
            bb += v * v;
            ab += u * v;
        }
        n += count;
    }

    /** -1 to 1; NaN when one of the two is constant, holds NaN or infinity, or nothing was added. */
    double value() {
        double varianceA = aa - a * a / n;
        double varianceB = bb - b * b / n;
        if (!(varianceA > 0 && varianceB > 0)) {
            return Double.NaN;
        }
        double r = (ab - a * b / n) / Math.sqrt(varianceA) / Math.sqrt(varianceB);
        return Double.isNaN(r) ? r : Math.max(-1, Math.min(1, r));
    }
}
