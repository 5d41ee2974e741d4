package io.gradwatch.telemetry.rules;

import java.util.Arrays;
import java.util.Random;

/**
 * Mean |gradient| of every weight layer, measured on real networks (batch 100, Adam, generated images, one seed) at
 * iterations 0 and 50.
 */
enum MeasuredProfile {
    VGG38(
            "8.8e-19 1.0e-18 1.0e-18 8.4e-19 8.9e-19 8.1e-19 7.0e-19 8.6e-19 8.7e-19 8.6e-19 9.8e-19 7.3e-19 1.6e-15 4.3e-15 5.6e-15 6.9e-15 5.2e-15 7.2e-15 8.5e-15 9.1e-15 7.5e-15 9.6e-15 1.0e-14 8.3e-15 8.4e-11 6.9e-10 5.7e-10 5.7e-10 6.5e-10 6.8e-10 6.7e-10 7.9e-10 7.5e-10 7.4e-10 8.1e-10 8.1e-10 6.6e-05 1.6e-04",
            "5.6e-19 6.8e-19 8.3e-19 6.5e-19 8.0e-19 6.7e-19 6.1e-19 7.5e-19 8.3e-19 8.6e-19 9.0e-19 8.3e-19 2.0e-15 4.4e-15 5.4e-15 7.3e-15 7.0e-15 1.1e-14 9.4e-15 1.2e-14 1.0e-14 1.3e-14 1.2e-14 1.2e-14 1.1e-10 4.8e-10 3.4e-10 3.3e-10 3.9e-10 5.0e-10 4.5e-10 4.4e-10 3.8e-10 4.1e-10 4.5e-10 4.8e-10 4.9e-05 1.6e-04"),
    VGG38_BN(
            "6.4e-01 5.4e-01 4.6e-01 3.8e-01 3.2e-01 2.7e-01 2.2e-01 1.9e-01 1.5e-01 1.3e-01 1.1e-01 9.4e-02 8.6e-02 6.9e-02 5.9e-02 5.0e-02 4.1e-02 3.3e-02 3.0e-02 2.5e-02 2.1e-02 1.8e-02 1.6e-02 1.4e-02 1.3e-02 1.2e-02 9.6e-03 8.6e-03 7.0e-03 6.2e-03 5.1e-03 4.7e-03 3.9e-03 3.3e-03 2.9e-03 2.9e-03 3.2e-03 3.5e-03",
            "1.7e-02 1.4e-02 1.4e-02 1.4e-02 1.1e-02 8.4e-03 6.6e-03 6.0e-03 5.4e-03 4.4e-03 4.2e-03 4.0e-03 4.3e-03 4.4e-03 4.0e-03 3.8e-03 3.6e-03 3.2e-03 3.3e-03 3.3e-03 3.3e-03 3.0e-03 2.8e-03 2.7e-03 3.1e-03 3.5e-03 2.7e-03 2.5e-03 2.3e-03 2.2e-03 2.2e-03 2.1e-03 2.0e-03 1.7e-03 1.9e-03 2.0e-03 3.0e-03 4.9e-03"),
    VGG38_RESNET(
            "1.2e-04 2.4e-05 2.2e-05 2.5e-05 2.2e-05 2.1e-05 1.9e-05 2.7e-05 2.4e-05 2.4e-05 2.1e-05 4.6e-05 4.5e-05 2.1e-05 1.9e-05 2.3e-05 2.1e-05 2.9e-05 3.4e-05 3.0e-05 2.5e-05 3.4e-05 2.8e-05 4.9e-05 4.8e-05 3.0e-05 3.8e-05 3.6e-05 4.3e-05 6.2e-05 4.5e-05 3.3e-05 3.8e-05 3.4e-05 5.4e-05 6.3e-05 6.7e-05 2.6e-04",
            "6.3e-03 1.9e-03 1.4e-03 9.3e-04 6.5e-04 8.0e-04 6.4e-04 7.6e-04 6.4e-04 5.1e-04 4.3e-04 7.6e-04 8.1e-04 4.6e-04 4.2e-04 4.0e-04 3.6e-04 4.9e-04 4.5e-04 4.4e-04 4.9e-04 4.4e-04 3.8e-04 6.6e-04 5.3e-04 4.2e-04 4.5e-04 3.8e-04 4.0e-04 4.0e-04 5.6e-04 5.5e-04 6.3e-04 6.5e-04 6.8e-04 1.5e-03 2.9e-03 6.0e-03"),
    VGG38_BN_RESNET(
            "3.7e-02 2.8e-02 2.4e-02 2.1e-02 1.6e-02 1.5e-02 1.2e-02 1.2e-02 1.0e-02 1.0e-02 8.5e-03 1.2e-02 1.0e-02 8.9e-03 8.3e-03 7.6e-03 6.2e-03 6.0e-03 5.0e-03 4.9e-03 4.1e-03 4.3e-03 3.6e-03 4.8e-03 4.4e-03 3.8e-03 3.7e-03 3.3e-03 2.9e-03 2.9e-03 2.5e-03 2.5e-03 2.2e-03 2.2e-03 2.0e-03 2.5e-03 2.4e-03 5.3e-03",
            "1.1e-02 6.7e-03 6.2e-03 5.3e-03 5.1e-03 4.0e-03 4.2e-03 3.9e-03 4.1e-03 3.5e-03 3.7e-03 5.7e-03 6.2e-03 5.3e-03 6.3e-03 6.2e-03 5.3e-03 4.4e-03 4.5e-03 4.2e-03 4.4e-03 3.7e-03 4.2e-03 5.6e-03 6.5e-03 6.6e-03 6.1e-03 5.4e-03 5.5e-03 5.7e-03 4.3e-03 4.4e-03 3.7e-03 3.8e-03 3.1e-03 5.2e-03 3.7e-03 2.0e-02"),
    VGG38_SIGMOID_BN(
            "8.3e-05 9.5e-05 9.6e-05 8.5e-05 7.5e-05 7.2e-05 7.4e-05 7.7e-05 7.5e-05 6.4e-05 6.1e-05 6.1e-05 6.6e-05 6.8e-05 7.0e-05 7.4e-05 8.3e-05 8.1e-05 7.5e-05 7.7e-05 7.1e-05 6.9e-05 6.8e-05 7.7e-05 9.1e-05 8.1e-05 7.8e-05 8.5e-05 8.2e-05 9.4e-05 9.3e-05 1.0e-04 1.1e-04 1.2e-04 1.2e-04 1.3e-04 2.4e-04 4.4e-03",
            "1.1e-03 4.9e-04 3.0e-04 2.6e-04 2.2e-04 1.7e-04 1.5e-04 1.3e-04 1.7e-04 1.2e-04 1.1e-04 1.1e-04 1.4e-04 1.5e-04 1.5e-04 1.4e-04 1.2e-04 1.2e-04 1.3e-04 1.3e-04 1.3e-04 1.1e-04 9.9e-05 9.8e-05 1.8e-04 2.1e-04 2.0e-04 2.0e-04 2.1e-04 2.0e-04 2.1e-04 2.0e-04 2.0e-04 1.9e-04 2.1e-04 2.6e-04 5.3e-04 4.7e-03"),
    VGG08(
            "3.1e-06 4.1e-06 4.4e-06 4.4e-06 7.9e-06 2.0e-05 5.1e-05 1.7e-04",
            "2.6e-03 8.8e-04 8.1e-04 7.8e-04 1.5e-03 3.4e-03 7.3e-03 1.1e-02");

    private final String atStart;
    private final String at50;

    MeasuredProfile(String atStart, String at50) {
        this.atStart = atStart;
        this.at50 = at50;
    }

    /** Between the two measurements on a straight line in decades, afterwards as at 50; up to 0.1 decades of noise. */
    float[] at(long iteration) {
        double part = Math.min(iteration, 50) / 50.0;
        Random noise = new Random(iteration * 31 + ordinal());
        double[] first = parse(atStart);
        double[] last = parse(at50);
        float[] values = new float[first.length];
        for (int i = 0; i < values.length; i++) {
            double log = (1 - part) * Math.log10(first[i]) + part * Math.log10(last[i]);
            values[i] = (float) Math.pow(10, log + 0.2 * noise.nextDouble() - 0.1);
        }
        return values;
    }

    private static double[] parse(String values) {
        return Arrays.stream(values.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
}
