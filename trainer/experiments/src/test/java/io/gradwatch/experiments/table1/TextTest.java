package io.gradwatch.experiments.table1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "59.4, 59 s",
        "59.6, 1 min 00 s",
        "3599, 59 min 59 s",
        "3600, 1 h 00 min",
        "86370, 1 d 0 h",
        "86000, 23 h 53 min",
        "1000000, 11 d 14 h",
        "-5, 0 s"
    })
    void spansHaveTheirTwoGreatestUnits(double seconds, String text) {
        assertThat(Text.span(Duration.ofMillis(Math.round(seconds * 1000)))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.001, 0.001", "0, 0", "0.0006, 0.0006", "1E-4, 0.0001", "100, 100", "0.1, 0.1"})
    void hyperParametersHaveNoNeedlessDigits(double value, String text) {
        assertThat(Text.plain(value)).isEqualTo(text);
    }
}
