package io.gradwatch.telemetry.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.contract.v1.Alert.State;
import io.gradwatch.contract.v1.AlertAcknowledgement;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.Silence;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final long NOW = 1_000_000;

    private static Alert transition(String rule, State state, Severity severity) {
        return Alert.newBuilder()
                .setAlertId("run/" + rule + "/3/1")
                .setRule(rule)
                .setState(state)
                .setSeverity(severity)
                .build();
    }

    private static Silence silence(String rule, long untilMs) {
        return Silence.newBuilder()
                .setRule(rule)
                .setFromMs(NOW)
                .setUntilMs(untilMs)
                .build();
    }

    private static AlertAcknowledgement seen(String rule, Severity severity, String by) {
        return AlertAcknowledgement.newBuilder()
                .setAlertId("run/" + rule + "/3/1")
                .setSeverity(severity)
                .setBy(by)
                .build();
    }

    @Test
    void everythingIsWantedWhereNobodyHasSaidAnything() {
        assertThat(Attention.of(null).isWanted(transition("explode", State.FIRING, Severity.INFO), NOW))
                .isTrue();
    }

    @Test
    void aSilenceIsOverOneRuleOrAllUntilItsEnd() {
        Attention one = Attention.of(Attention.of(null).silence(silence("explode", NOW + 1)));
        assertThat(one.isWanted(transition("explode", State.FIRING, Severity.CRITICAL), NOW))
                .isFalse();
        assertThat(one.isWanted(transition("explode", State.RESOLVED, Severity.CRITICAL), NOW))
                .isFalse();
        assertThat(one.isWanted(transition("plateau", State.FIRING, Severity.CRITICAL), NOW))
                .isTrue();
        assertThat(one.isWanted(transition("explode", State.FIRING, Severity.CRITICAL), NOW + 1))
                .isTrue();

        Attention all = Attention.of(Attention.of(null).silence(silence("", NOW + 1)));
        assertThat(all.isWanted(transition("plateau", State.FIRING, Severity.CRITICAL), NOW))
                .isFalse();
    }

    @Test
    void ofAnAcknowledgedAlertOnlyWhatIsWorseAndTheEndIsWanted() {
        Attention attention = Attention.of(Attention.of(null).acknowledge(seen("explode", Severity.WARNING, "ada")));
        assertThat(attention.isWanted(transition("explode", State.RECOVERING, Severity.WARNING), NOW))
                .isFalse();
        assertThat(attention.isWanted(transition("explode", State.FIRING, Severity.WARNING), NOW))
                .isFalse();
        assertThat(attention.isWanted(transition("explode", State.FIRING, Severity.CRITICAL), NOW))
                .isTrue();
        assertThat(attention.isWanted(transition("explode", State.RESOLVED, Severity.WARNING), NOW))
                .isTrue();
        assertThat(attention.isWanted(transition("plateau", State.FIRING, Severity.INFO), NOW))
                .as("another alert")
                .isTrue();
    }

    @Test
    void whatIsSaidLaterReplacesWhatWasSaidOfTheSame() {
        RunAnnotation said = Attention.of(
                        RunAnnotation.newBuilder().setName("kept").build())
                .acknowledge(seen("explode", Severity.WARNING, "ada"));
        said = Attention.of(said).acknowledge(seen("explode", Severity.CRITICAL, "grace"));
        said = Attention.of(said).silence(silence("explode", NOW + 5));
        said = Attention.of(said).silence(silence("", NOW + 9));
        said = Attention.of(said).silence(silence("explode", NOW + 7));
        assertThat(said.getName()).isEqualTo("kept");
        assertThat(said.getAcknowledgedList())
                .extracting(AlertAcknowledgement::getBy)
                .containsExactly("grace");
        assertThat(said.getSilencesList()).extracting(Silence::getUntilMs).containsExactly(NOW + 9, NOW + 7);
        assertThat(Attention.of(said).silenced("explode", NOW)).get().isEqualTo(silence("", NOW + 9));

        said = Attention.of(said).withoutSilence("");
        assertThat(Attention.of(said).silenced("plateau", NOW)).isEmpty();
        assertThat(Attention.of(said).silenced("explode", NOW)).isPresent();
        assertThat(Attention.of(said).withoutAcknowledgement("run/explode/3/1").getAcknowledgedList())
                .isEmpty();
    }

    @Test
    void silencesThatAreOverGoWhenAnotherBegins() {
        RunAnnotation said = Attention.of(null).silence(silence("explode", NOW + 5));
        Silence later =
                silence("plateau", NOW + 90).toBuilder().setFromMs(NOW + 5).build();
        assertThat(Attention.of(said).silence(later).getSilencesList()).containsExactly(later);
    }
}
