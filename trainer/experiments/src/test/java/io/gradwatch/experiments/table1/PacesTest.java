package io.gradwatch.experiments.table1;

import static io.gradwatch.experiments.table1.Examples.PAPER;
import static io.gradwatch.experiments.table1.Examples.ROWS;
import static io.gradwatch.experiments.table1.Examples.SMALL;
import static io.gradwatch.experiments.table1.Examples.VGG08;
import static io.gradwatch.experiments.table1.Examples.VGG38;
import static io.gradwatch.experiments.table1.Examples.VGG38_BN;
import static io.gradwatch.experiments.table1.Examples.VGG38_BN_512;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacesTest {
    private final Job vgg08 = Examples.job(VGG08, 0, PAPER);
    private final Job vgg38 = Examples.job(VGG38, 0, PAPER);
    private final Job small = Examples.job(VGG08, 0, SMALL);

    @Test
    void countsWhatWasMeasured() {
        Paces paces = Paces.NONE.with(vgg08, 200);

        assertThat(paces.of(vgg08, 10)).contains(new Paces.Estimate(Duration.ofSeconds(2), true));
    }

    @Test
    void takesTheNewestMeasurement() {
        Paces paces = Paces.NONE.with(vgg08, 200).with(vgg08, 100);

        assertThat(paces.of(vgg08, 10)).contains(new Paces.Estimate(Duration.ofSeconds(1), true));
    }

    @Test
    void measuresANetworkForAllItsBatchSizes() {
        Paces paces = Paces.NONE.with(Examples.job(VGG38_BN, 0, PAPER), 1000);

        assertThat(paces.of(Examples.job(VGG38_BN_512, 0, PAPER), 10))
                .contains(new Paces.Estimate(Duration.ofMillis(51_200), true));
    }

    @Test
    void guessesAnotherNetworkFromHowFastTheMeasuredOnesAre() {
        Duration before = Paces.NONE.of(vgg38, 1000).orElseThrow().span();
        double reference = Paces.NONE.of(vgg08, 1).orElseThrow().span().toMillis();

        Paces.Estimate after =
                Paces.NONE.with(vgg08, 3 * reference).of(vgg38, 1000).orElseThrow();

        assertThat(after.measured()).isFalse();
        assertThat(after.span()).isEqualTo(before.multipliedBy(3));
    }

    @Test
    void doesNotGuessForAChangedNetwork() {
        assertThat(Paces.NONE.with(vgg08, 80).of(small, 10)).isEmpty();
        assertThat(Paces.NONE.with(small, 8).of(small, 10)).contains(new Paces.Estimate(Duration.ofMillis(80), true));
    }

    @Test
    void doesNotTakeAChangedNetworkForTheMachinesSpeed() {
        assertThat(Paces.NONE.with(small, 1).of(vgg38, 10)).isEqualTo(Paces.NONE.of(vgg38, 10));
    }

    @Test
    void sumsUpJobsAndSaysIfAPartIsGuessed() {
        Paces paces = Paces.NONE.with(vgg08, 100);

        assertThat(paces.of(List.of(vgg08, vgg08))).contains(new Paces.Estimate(Duration.ofSeconds(200), true));
        assertThat(paces.of(List.of(vgg08, vgg38)).orElseThrow().measured()).isFalse();
        assertThat(paces.of(List.of(vgg08, small))).isEmpty();
        assertThat(paces.of(List.of())).contains(new Paces.Estimate(Duration.ZERO, true));
    }

    @Test
    void learnsFromTheBook() {
        Paces paces = Paces.of(Examples.book(), ROWS);

        assertThat(paces.of(vgg08, 100)).contains(new Paces.Estimate(Duration.ofSeconds(8), true));
        assertThat(paces.of(small, 100)).contains(new Paces.Estimate(Duration.ofSeconds(8), true));
    }

    @Test
    void knowsAReferenceForEveryRowOfThePaper() {
        assertThat(Row.all())
                .allSatisfy(row -> assertThat(Paces.NONE.of(Examples.job(row, 0, PAPER), 1))
                        .isPresent());
    }
}
