package io.gradwatch.experiments.table1;

import static io.gradwatch.experiments.table1.Examples.PAPER;
import static io.gradwatch.experiments.table1.Examples.SMALL;
import static io.gradwatch.experiments.table1.Examples.VGG08;
import static io.gradwatch.experiments.table1.Examples.VGG38_BN_512;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {
    private final Plan plan =
            Plan.of(List.of(VGG08, VGG38_BN_512), List.of(0L, 7L), (row, seed) -> Examples.job(row, seed, PAPER));

    @Test
    void tellsWhatIsLeftAndHowLongItTakes() {
        Paces paces =
                Paces.NONE.with(Examples.job(VGG08, 0, PAPER), 100).with(Examples.job(VGG38_BN_512, 0, PAPER), 4000);

        assertThat(PlanText.lines(plan, Examples.book(), paces, 80))
                .containsExactly(
                        "plan: 2 rows × 2 seeds (0, 7) × 100 epochs = 4 runs: 1 finished, 1 that failed,",
                        "  to try again, 2 to begin",
                        "#  network   batch     lr  decay  to train      one run          all",
                        "1  vgg08       100  0.001      0       1/2  ~1 min 40 s  ~1 min 40 s",
                        "4  vgg38-bn    512  0.001      0       2/2  ~1 h 07 min  ~2 h 13 min",
                        "time left: ~2 h 15 min, as measured here");
    }

    @Test
    void saysWhatIsGuessedAndWhatIsNotKnown() {
        Plan small = Plan.of(List.of(VGG08), List.of(5L), (row, seed) -> Examples.job(row, seed, SMALL));

        assertThat(String.join(" ", PlanText.lines(plan, Book.EMPTY, Paces.NONE, 200)))
                .contains("in part guessed from another machine");
        assertThat(PlanText.lines(small, Book.EMPTY, Paces.NONE, 200))
                .first()
                .isEqualTo("plan: 1 row × 1 seed (5) × 1 epoch = 1 run: 0 finished, 1 to begin");
        assertThat(PlanText.lines(small, Book.EMPTY, Paces.NONE, 200))
                .last()
                .asString()
                .contains("not known");
    }

    @Test
    void isShortWhenNothingIsLeft() {
        Plan done = Plan.of(List.of(VGG08), List.of(0L), (row, seed) -> Examples.job(row, seed, PAPER));

        assertThat(PlanText.lines(done, Examples.book(), Paces.NONE, 80)).hasSize(1);
    }
}
