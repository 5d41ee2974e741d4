package io.gradwatch.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SyntheticImagesTest {
    @Test
    void saysThatItsImagesAreGenerated() {
        ImageData data = SyntheticImages.generate(300, 100, 50, 1);

        assertThat(data.synthetic()).isTrue();
        assertThat(data.name()).isEqualTo("synthetic");
        assertThat(data.train().size()).isEqualTo(300);
        assertThat(data.validation().size()).isEqualTo(100);
        assertThat(data.test().size()).isEqualTo(50);
    }

    @Test
    void makesTheSameImagesForTheSameSeed() {
        assertThat(SyntheticImages.generate(200, 0, 1, 4).sha256())
                .isEqualTo(SyntheticImages.generate(200, 0, 1, 4).sha256())
                .isNotEqualTo(SyntheticImages.generate(200, 0, 1, 5).sha256())
                // pinned, so that a change of the images is a decision
                .isEqualTo("eb7ab3e6004594cef6f930942eb509c9571d9daf194dad33ad5df3b70f730043");
    }

    @Test
    void makesTestImagesThatAreNotTrainingImages() {
        ImageData data = SyntheticImages.generate(100, 0, 100, 1);

        int equal = 0;
        for (int pixel = 0; pixel < 1024; pixel++) {
            equal += data.train().images().pixel(0, 0, pixel / 32, pixel % 32)
                            == data.test().images().pixel(0, 0, pixel / 32, pixel % 32)
                    ? 1
                    : 0;
        }
        assertThat(equal).isLessThan(200);
    }

    /** A classifier that knows nothing but the mean image of each class tells most test images, but not all. */
    @Test
    void canBeLearntButNotWithoutErrors() {
        ImageData data = SyntheticImages.generate(2000, 0, 300, 2);
        double[][] means = new double[100][3072];
        for (int i = 0; i < 2000; i++) {
            add(data.train().images(), i, means[data.train().images().label(i)], 1.0 / 20);
        }
        int right = 0;
        for (int i = 0; i < 300; i++) {
            double[] image = new double[3072];
            add(data.test().images(), i, image, 1);
            int best = 0;
            for (int label = 1; label < 100; label++) {
                best = distance(image, means[label]) < distance(image, means[best]) ? label : best;
            }
            right += best == data.test().images().label(i) ? 1 : 0;
        }
        assertThat(right).isBetween(200, 299);
    }

    private static void add(LabelledImages images, int image, double[] to, double weight) {
        for (int i = 0; i < 3072; i++) {
            to[i] += weight * images.pixel(image, i / 1024, i % 1024 / 32, i % 32);
        }
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
