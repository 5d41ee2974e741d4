package io.gradwatch.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.launcher.doctor.Finding.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is measured, and what is said of it. */
class FindingsTest {
    private static final Path DATA = Path.of("/data");

    @Test
    void javaIsNewEnoughOrNamed() {
        assertThat(Findings.java(17, "17.0.15").state()).isEqualTo(State.OK);
        assertThat(Findings.java(11, "11.0.2").advice()).contains("17 or newer");
    }

    @Test
    void littleMemoryIsAWarningAndUnknownMemoryIsNone() {
        assertThat(Findings.memory(OptionalLong.of(4L << 30)).detail()).isEqualTo("4.0 GiB left");
        assertThat(Findings.memory(OptionalLong.of(300L << 20)).state()).isEqualTo(State.WARNING);
        assertThat(Findings.memory(OptionalLong.empty()).state()).isEqualTo(State.SKIPPED);
    }

    @Test
    void nativeCodeNeedsLinuxOnAProcessorWithAvx2() {
        assertThat(Findings.nativeLibrary("Linux", "amd64", Optional.of("fpu sse avx2 bmi1"))
                        .state())
                .isEqualTo(State.OK);
        assertThat(Findings.nativeLibrary("Linux", "amd64", Optional.of("fpu sse avx"))
                        .state())
                .isEqualTo(State.WRONG);
        assertThat(Findings.nativeLibrary("Mac OS X", "aarch64", Optional.empty())
                        .state())
                .isEqualTo(State.WRONG);
        assertThat(Findings.nativeLibrary("Linux", "amd64", Optional.empty()).state())
                .isEqualTo(State.SKIPPED);
    }

    @Test
    void aFullDiskIsWrongAndAnAlmostFullOneAWarning() {
        assertThat(Findings.disk(DATA, OptionalLong.of(50L << 30)).state()).isEqualTo(State.OK);
        assertThat(Findings.disk(DATA, OptionalLong.of(1L << 30)).state()).isEqualTo(State.WARNING);
        assertThat(Findings.disk(DATA, OptionalLong.of(63L << 20)).state()).isEqualTo(State.WRONG);
        assertThat(Findings.disk(DATA, OptionalLong.empty()).advice()).contains("--data-dir");
    }

    @Test
    void aTakenPortIsWrongUnlessOurOwnServiceHasIt() {
        assertThat(Findings.port(8080, false, Optional.of("http://127.0.0.1:8080"))
                        .state())
                .isEqualTo(State.OK);
        assertThat(Findings.port(8080, true, Optional.empty()).state()).isEqualTo(State.OK);
        assertThat(Findings.port(8080, false, Optional.empty()).advice()).contains("--port N");
    }

    @Test
    void kafkaIsWrongOnlyWhereOneWasNamedThatDoesNotAnswer() {
        assertThat(Findings.kafka(Optional.empty(), Optional.empty()).state()).isEqualTo(State.OK);
        assertThat(Findings.kafka(Optional.of("k:9092"), Optional.empty()).detail())
                .isEqualTo("k:9092 answers");
        assertThat(Findings.kafka(Optional.of("k:9092"), Optional.of("no answer"))
                        .state())
                .isEqualTo(State.WRONG);
    }

    @Test
    void clocksMayDifferByTwoSeconds() {
        assertThat(Findings.clock(Optional.of(Duration.ofSeconds(-2))).state()).isEqualTo(State.OK);
        assertThat(Findings.clock(Optional.of(Duration.ofMillis(-2_001))).advice())
                .contains("NTP");
        assertThat(Findings.clock(Optional.empty()).state()).isEqualTo(State.SKIPPED);
    }

    @Test
    void tokensThatOthersReadAreWrong() {
        Path file = DATA.resolve("access.tokens");
        assertThat(Findings.tokens(file, Optional.empty()).state()).isEqualTo(State.OK);
        assertThat(Findings.tokens(file, Optional.of(false)).state()).isEqualTo(State.OK);
        assertThat(Findings.tokens(file, Optional.of(true)).advice()).isEqualTo("chmod 600 " + file);
    }

    @Test
    void whatIsWrongOrAWarningAlwaysComesWithAdvice() {
        for (Finding finding : List.of(
                Findings.java(8, "8"),
                Findings.memory(OptionalLong.of(1)),
                Findings.nativeLibrary("Windows", "amd64", Optional.empty()),
                Findings.disk(DATA, OptionalLong.of(1)),
                Findings.port(1, false, Optional.empty()),
                Findings.kafka(Optional.of("k:1"), Optional.of("no")),
                Findings.clock(Optional.of(Duration.ofHours(1))),
                Findings.tokens(DATA, Optional.of(true)))) {
            assertThat(finding.advice()).as(finding.toString()).isNotBlank();
        }
    }
}
