package io.gradwatch.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trainable parameters against closed forms worked out from the definitions, apart from the code under test. */
class ParameterCountTest {
    private static final int CLASSES = 100;

    @ParameterizedTest
    @CsvSource({"0, 32", "1, 8", "5, 32"})
    void ofVgg(int blocks, int f) {
        NetworkSpec plain = NetworkSpec.plain(blocks).withFilters(f);
        // the entry; 2 convolutions a block; reduction blocks have 2 with biases; the classifier
        long expected = 27L * f + 3L * (2 * blocks + 2) * 9 * f * f + 6L * f + (long) f * CLASSES + CLASSES;
        long norms = 2L * f * (1 + 3 * (2 * blocks + 2));
        long projections = 3L * f * f;

        assertThat(count(plain)).isEqualTo(expected);
        assertThat(count(plain.withNormalisation(Normalisation.BEFORE))).isEqualTo(expected + norms);
        assertThat(count(plain.withNormalisation(Normalisation.AFTER))).isEqualTo(expected + norms);
        assertThat(count(plain.withNormalisation(Normalisation.AFTER).withSkip(Skip.AVG)))
                .isEqualTo(expected + norms);
        assertThat(count(plain.withSkip(Skip.CONV))).isEqualTo(expected + projections);
        assertThat(count(plain.withSkip(Skip.AVG))).isEqualTo(expected);
        assertThat(count(plain.withSkip(Skip.MAX))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"5, 32", "1, 6"})
    void ofHighway(int blocks, int f) {
        NetworkSpec spec = NetworkSpec.of(new Architecture.Highway(blocks, -3), f);
        long gates = 3L * 2 * blocks * (9L * f * f + f);

        assertThat(count(spec)).isEqualTo(count(NetworkSpec.plain(blocks).withFilters(f)) + gates);
    }

    @ParameterizedTest
    @CsvSource({"6, 12, 24", "2, 5, 7"})
    void ofDenseNet(int layers, int k, int f) {
        NetworkSpec spec = NetworkSpec.of(new Architecture.DenseNet(layers, k), f);
        // sum over a stage's layers of the channels that they read: c, c + k, c + 2k, ...
        long convolutions = 27L * f;
        long norms = 0;
        int c = f;
        for (int stage = 1; stage <= 3; stage++) {
            long read = (long) layers * c + (long) k * layers * (layers - 1) / 2;
            convolutions += read * 4 * k + (long) layers * 9 * 4 * k * k;
            norms += 2 * (read + (long) layers * 4 * k);
            c += layers * k;
            norms += 2L * c; // of the transition, or before the classifier
            if (stage < 3) {
                convolutions += (long) c * (c / 2);
                c /= 2;
            }
        }
        long dense = (long) c * CLASSES + CLASSES;

        assertThat(count(spec)).isEqualTo(convolutions + dense);
        assertThat(count(spec.withNormalisation(Normalisation.BEFORE))).isEqualTo(convolutions + norms + dense);
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 16", "3, 1, 16", "1, 4, 8"})
    void ofWideResNet(int n, int widen, int f) {
        NetworkSpec spec = NetworkSpec.of(new Architecture.WideResNet(n, widen), f);
        long w = (long) f * widen;
        long convolutions = 27L * f
                + 9 * (f * w + (2L * n - 1) * w * w)
                + 9 * (2 * w * w + (2L * n - 1) * 4 * w * w)
                + 9 * (8 * w * w + (2L * n - 1) * 16 * w * w);
        long projections = (widen == 1 ? 0 : f * w) + 2 * w * w + 8 * w * w;
        // two a block: the first block's first is as wide as its input; one before the classifier
        long norms = 2 * (f + (2L * n - 1) * w + w + (2L * n - 1) * 2 * w + 2 * w + (2L * n - 1) * 4 * w + 4 * w);
        long dense = 4 * w * CLASSES + CLASSES;

        assertThat(count(spec)).isEqualTo(convolutions + projections + dense);
        assertThat(count(spec.withNormalisation(Normalisation.BEFORE)))
                .isEqualTo(convolutions + projections + norms + dense);
    }

    @ParameterizedTest
    @CsvSource({"2, 4, 32", "1, 1, 8", "3, 2, 4"})
    void ofResNeXt(int n, int c, int f) {
        NetworkSpec spec = NetworkSpec.of(new Architecture.ResNeXt(n, c), f);
        long convolutions = 27L * f;
        long norms = 2L * f;
        long input = f;
        for (long width = f; width <= 4L * f; width *= 2) {
            long path = width / c;
            // all 1×1 of the paths, all 3×3, the mixing 1×1; the projection of the first block
            convolutions += input * width + 2L * (n - 1) * width * width;
            convolutions += n * (9L * c * path * path + 2 * width * width) + 2 * input * width;
            norms += 2 * (n * (2 * width + 2 * width) + 2 * width);
            input = 2 * width;
        }
        long dense = 8L * f * CLASSES + CLASSES;

        assertThat(count(spec)).isEqualTo(convolutions + dense);
        assertThat(count(spec.withNormalisation(Normalisation.BEFORE))).isEqualTo(convolutions + norms + dense);
    }

    @Test
    void ofThePresets() {
        assertThat(Preset.named("densenet").trainableParameters()).isEqualTo(188_092);
        assertThat(Preset.named("highway").trainableParameters()).isEqualTo(613_572);
        assertThat(Preset.named("wide-resnet").trainableParameters()).isEqualTo(703_284);
        assertThat(Preset.named("resnext").trainableParameters()).isEqualTo(321_412);
    }

    private static long count(NetworkSpec spec) {
        return NetworkLayout.of(spec.withClasses(CLASSES)).trainableParameters();
    }
}
