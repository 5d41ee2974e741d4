package io.gradwatch.experiments.table1;

import static io.gradwatch.experiments.table1.Examples.ROWS;
import static io.gradwatch.experiments.table1.Examples.VGG08;
import static io.gradwatch.experiments.table1.Examples.VGG38;
import static io.gradwatch.experiments.table1.Examples.VGG38_BN;
import static io.gradwatch.experiments.table1.Examples.VGG38_BN_512;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {
    @Nested
    class Rows {
        @Test
        void areAllOfThem() {
            assertThat(Selection.rows("all", ROWS)).isEqualTo(ROWS);
            assertThat(Selection.rows(" ALL ", ROWS)).isEqualTo(ROWS);
        }

        @Test
        void areNamesNumbersAndRangesInTheirOrderAndOnce() {
            assertThat(Selection.rows("vgg38-bn, 1-2,vgg08,4", ROWS))
                    .containsExactly(VGG38_BN, VGG08, VGG38, VGG38_BN_512);
        }

        @Test
        void mayBeNamedInCapitals() {
            assertThat(Selection.rows("VGG38", ROWS)).containsExactly(VGG38);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    ",",
                    "1,",
                    "0",
                    "6",
                    "3-2",
                    "1-6",
                    "-1",
                    "vgg9",
                    "1-",
                    "1.5",
                    "99999999999",
                    "vgg08;vgg38"
                })
        void thatDoNotExistAreRefusedWithWhatIsAccepted(String text) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Selection.rows(text, ROWS))
                    .withMessageContaining("accepted are all")
                    .withMessageContaining("numbers of 1 to 5")
                    .withMessageContaining("vgg38-bn-b512");
        }

        @Test
        void theMessageNamesThePartThatIsWrong() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Selection.rows("vgg08,vgg9,vgg38", ROWS))
                    .withMessageStartingWith("no row \"vgg9\"");
        }
    }

    @Nested
    class Seeds {
        @Test
        void areNumbersInTheirOrderAndOnce() {
            assertThat(Selection.seeds("100, 0,-7,100,9223372036854775807"))
                    .containsExactly(100L, 0L, -7L, Long.MAX_VALUE);
        }

        @Test
        void areSoManyOfThePapersForASmallNumberAlone() {
            assertThat(Selection.seeds("1")).containsExactly(0L);
            assertThat(Selection.seeds("5")).containsExactly(0L, 100L, 550L, 1000L, 40_000L);
        }

        @Test
        void areTheNumberItselfForAnotherOneAlone() {
            assertThat(Selection.seeds("0")).containsExactly(0L);
            assertThat(Selection.seeds("6")).containsExactly(6L);
            assertThat(Selection.seeds("3,")).containsExactly(3L);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ",", "1,,2", "a", "1.5", "0-3", "9223372036854775808", "1;2"})
        void thatAreNoneAreRefusedWithWhatIsAccepted(String text) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Selection.seeds(text))
                    .withMessageContaining("is no seed: accepted are whole numbers separated by commas")
                    .withMessageContaining("0, 100, 550, 1000, 40000");
        }
    }
}
