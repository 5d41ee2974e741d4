package io.gradwatch.telemetry.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptsTest {
    private final Attempts attempts = new Attempts();

    @Test
    void theFirstFewCostNothingAndThenEachWaitsTwiceAsLongUpToAMinute() {
        for (int i = 0; i < Attempts.FREE; i++) {
            attempts.failed("192.0.2.1", 0);
            assertThat(attempts.waitMs("192.0.2.1", 0)).isZero();
        }
        long expected = Attempts.FIRST_WAIT_MS;
        for (int i = 0; i < 40; i++) {
            attempts.failed("192.0.2.1", 0);
            assertThat(attempts.waitMs("192.0.2.1", 0)).isEqualTo(Math.min(expected, Attempts.LONGEST_WAIT_MS));
            expected = Math.min(2 * expected, Attempts.LONGEST_WAIT_MS);
        }
        assertThat(attempts.waitMs("192.0.2.1", Attempts.LONGEST_WAIT_MS - 1)).isEqualTo(1);
        assertThat(attempts.waitMs("192.0.2.1", Attempts.LONGEST_WAIT_MS)).isZero();
    }

    @Test
    void oneAddressDoesNotSlowAnother() {
        for (int i = 0; i < 20; i++) {
            attempts.failed("192.0.2.1", 0);
        }
        assertThat(attempts.waitMs("192.0.2.2", 0)).isZero();
    }

    @Test
    void aRightTokenAndAQuarterOfAnHourForgetIt() {
        for (int i = 0; i < 20; i++) {
            attempts.failed("192.0.2.1", 0);
            attempts.failed("192.0.2.2", 0);
        }
        attempts.succeeded("192.0.2.1");
        assertThat(attempts.waitMs("192.0.2.1", 0)).isZero();
        attempts.failed("192.0.2.2", Attempts.FORGOTTEN_AFTER_MS + 1);
        assertThat(attempts.waitMs("192.0.2.2", Attempts.FORGOTTEN_AFTER_MS + 1))
                .isZero();
    }

    @Test
    void whoHasMillionsOfAddressesCountsAsOne() {
        assertThat(Attempts.key("2001:db8:1:2:3:4:5:6")).isEqualTo(Attempts.key("2001:db8:1:2::1"));
        assertThat(Attempts.key("2001:db8:1:2::1")).isNotEqualTo(Attempts.key("2001:db8:1:3::1"));
        assertThat(Attempts.key("fe80::1%eth0")).isEqualTo(Attempts.key("fe80::2"));
        assertThat(Attempts.key("192.0.2.1")).isEqualTo("192.0.2.1");
    }
}
