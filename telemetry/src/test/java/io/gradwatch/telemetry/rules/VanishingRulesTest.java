package io.gradwatch.telemetry.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.RunStarted;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The verdicts of the standard rules on gradients as they were measured. */
class VanishingRulesTest {

    @Nested
    class PlainVgg38 {
        private final Run run = new Run(RuleEngine.standard(), Run.vgg38()).feed(300, MeasuredProfile.VGG38::at);

        @Test
        void firesTheFloorAtIteration19BecauseItIsDeadFromTheFirst() {
            assertThat(run.story("vanish-floor")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 19");
        }

        @Test
        void firesTheDepthAtIteration49() {
            assertThat(run.story("vanish-depth")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 49");
        }

        @Test
        void saysWhichLayersAndWhereAndHowMuch() {
            Alert alert = run.of("vanish-floor").get(1);

            assertThat(alert.getLayersList())
                    .containsExactlyElementsOf(IntStream.range(0, 36).boxed().toList());
            assertThat(alert.getCutLayer()).isEqualTo(35);
            assertThat(alert.getMessage())
                    .isEqualTo(
                            "36 of 38 layers receive a gradient below 1e-8, Adam's ε: they do not learn. The gradient"
                                    + " is lost from stage3.reduction.conv2 to stage3.reduction.conv1 (layer 36 → 35),"
                                    + " 4.9 decades in one step.");
            assertThat(alert.getInputsOrThrow("decades_lost")).isCloseTo(14.0, within(0.3));
            assertThat(alert.getInputsOrThrow("share_below_critical_level")).isCloseTo(36 / 38.0, within(1e-9));
            assertThat(alert.getInputsOrThrow("slope")).isBetween(0.2, 0.6);
            assertThat(alert.getInputsOrThrow("slope_r2")).isBetween(0.7, 1.0);
            assertThat(alert.getThresholdsOrThrow("critical_log10")).isEqualTo(-8);
        }

        @Test
        void saysHowTheGradientIsLostOverDepth() {
            Alert alert = run.of("vanish-depth").get(1);

            assertThat(alert.getMessage())
                    .matches(
                            "The gradient loses 14\\.\\d decades from the last layers to the first, 9\\.\\de-5 to 8\\.\\de-19\\. The"
                                    + " gradient is lost from stage3\\.reduction\\.conv2 to stage3\\.reduction\\.conv1 \\(layer 36 →"
                                    + " 35\\), \\d\\.\\d decades in one step\\.");
            assertThat(alert.getCutLayer()).isEqualTo(35);
            assertThat(alert.getLayersList()).hasSize(36);
        }

        @Test
        void tellsWhereInTheLogAndWhen() {
            Alert pending = run.of("vanish-floor").get(0);
            Alert firing = run.of("vanish-floor").get(1);

            assertThat(pending.getAlertId()).isEqualTo(Run.ID + "/vanish-floor/0/1");
            assertThat(pending.getTransition()).isEqualTo(1);
            assertThat(firing.getAlertId()).isEqualTo(pending.getAlertId());
            assertThat(firing.getTransition()).isEqualTo(2);
            assertThat(firing.getFirstIteration()).isZero();
            assertThat(firing.getPartition()).isEqualTo(2);
            assertThat(firing.getFirstOffset()).isEqualTo(13);
            assertThat(firing.getLastOffset()).isEqualTo(13 + 19 * 3);
            assertThat(firing.getSinceMs() - pending.getSinceMs()).isEqualTo(1900);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "VGG38", mode = EnumSource.Mode.EXCLUDE)
    void networksThatTrainRaiseNoAlert(MeasuredProfile profile) {
        Run run = Run.standard().feed(1000, profile::at);

        assertThat(run.transitions).isEmpty();
    }

    @Test
    void aFlatCollapseFiresTheFloorAndSaysThatNoLayerCutsItOff() {
        Run run = Run.standard().feed(300, Run.flat(38, 1e-18));

        assertThat(run.story("vanish-floor")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 19");
        Alert alert = run.of("vanish-floor").get(1);
        assertThat(alert.hasCutLayer()).isFalse();
        assertThat(alert.getLayersCount()).isEqualTo(38);
        assertThat(alert.getMessage())
                .isEqualTo(
                        "All 38 layers receive a gradient below 1e-8, Adam's ε: they do not learn. It is as small at the"
                                + " last layers as at the first (0.0 decades lost): no single layer cuts it off.");
        assertThat(run.of("vanish-depth")).isEmpty();
    }

    @Test
    void aGradualLossIsToldByItsSlopeInsteadOfACut() {
        float[] gradual = new float[38];
        for (int i = 0; i < 38; i++) {
            gradual[i] = (float) Math.pow(10, -4 - 0.4 * (37 - i));
        }

        Run run = Run.standard().feed(60, gradual);

        Alert alert = run.of("vanish-floor").get(1);
        assertThat(alert.hasCutLayer()).isFalse();
        assertThat(alert.getMessage())
                .endsWith("It fades by 0.40 decades a layer (R² 1.00): no single layer cuts it off.");
        assertThat(run.story("vanish-depth")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 49");
    }

    @Test
    void ofSeveralDropsOfAboutTheSameHeightTheOneNearestTheLossIsTheCut() {
        // 4.8 decades from layer 3 to 2, 4.3 from 6 to 5
        Run run = Run.standard()
                .feed(20, new float[] {1e-14f, 1e-14f, 1e-14f, 6.3e-10f, 6.3e-10f, 6.3e-10f, 1.3e-5f, 1.3e-5f});

        assertThat(run.of("vanish-floor").get(1).getCutLayer()).isEqualTo(5);
    }

    @Test
    void aGradientOfExactlyZeroCountsAs1eMinus38() {
        Run run = Run.standard().feed(20, new float[] {0, 0, 0, 0, 0, 1e-3f, 1e-3f});

        Alert alert = run.of("vanish-floor").get(1);
        assertThat(alert.getLayersList()).containsExactly(0, 1, 2, 3, 4);
        assertThat(alert.getCutLayer()).isEqualTo(4);
        assertThat(alert.getInputsOrThrow("start_log10")).isEqualTo(-38);
        assertThat(alert.getMessage()).contains("(layer 5 → 4), 35.0 decades");
    }

    @Test
    void aFewSmallLayersAreAWarning() {
        float[] some = Run.flat(38, 1e-4);
        for (int i = 0; i < 10; i++) {
            some[i] = 5e-8f;
        }

        Run run = Run.standard().feed(100, some);

        assertThat(run.story("vanish-floor")).containsExactly("PENDING WARNING 0", "FIRING WARNING 19");
        assertThat(run.of("vanish-floor").get(1).getMessage())
                .startsWith("10 of 38 layers receive a gradient below 1e-7: they hardly learn.");
        assertThat(run.story("vanish-depth")).containsExactly("PENDING WARNING 0", "FIRING WARNING 49");
    }

    @Test
    void projectionsOnSkipPathsTakeNoPart() {
        RunStarted.Builder started = Run.vgg38().toBuilder();
        for (int i = 0; i < 20; i++) {
            started.getLayersBuilder(i).setMainPath(false);
        }
        float[] gradients = Run.flat(38, 1e-3);
        for (int i = 0; i < 20; i++) {
            gradients[i] = 1e-20f;
        }

        Run run = new Run(RuleEngine.standard(), started.build()).feed(100, gradients);

        assertThat(run.transitions).isEmpty();
    }

    @Test
    void layersThatAreNotFiniteAreLeftOut() {
        float[] gradients = Run.flat(38, 1e-18);
        gradients[3] = Float.NaN;
        gradients[7] = Float.POSITIVE_INFINITY;

        Run run = Run.vanishing().feed(20, gradients);

        assertThat(run.story("vanish-floor")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 19");
        assertThat(run.of("vanish-floor").get(1).getLayersList()).hasSize(36).doesNotContain(3, 7);
        assertThat(run.of("vanish-floor").get(1).getMessage()).startsWith("All 36 layers");
    }

    @Test
    void aLayerThatIsFiniteAgainGoesOnWhereItWas() {
        float[] nan = Run.flat(10, 1e-3);
        nan[0] = Float.NaN;

        Run run = Run.vanishing().feed(30, Run.flat(10, 1e-3)).feed(30, nan);

        assertThat(run.state.smoothed().at(0)).isCloseTo(-3, within(1e-6));
    }

    @Test
    void iterationsWithoutAnyUsableGradientStopTheCount() {
        Run run = Run.vanishing()
                .feed(10, Run.flat(38, 1e-18))
                .feed(100, Run.flat(38, Float.NaN))
                .feed(50, new float[0])
                .feed(9, Run.flat(38, 1e-18));
        assertThat(run.story("vanish-floor")).containsExactly("PENDING CRITICAL 0");

        run.feed(1, Run.flat(38, 1e-18));

        assertThat(run.story("vanish-floor")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 169");
    }

    @Test
    void aNetworkOfOneLayerIsJudgedToo() {
        Run run = Run.standard().feed(60, Run.flat(1, 1e-12));

        assertThat(run.firing()).hasSize(1);
        assertThat(run.firing().get(0).getMessage()).startsWith("All 1 layers");
    }

    @Test
    void rulesAreDescribedWithEveryParameter() {
        assertThat(RuleEngine.standard().descriptions())
                .extracting(RuleDescription::rule)
                .containsExactly(
                        "nan-inf",
                        "vanish-floor",
                        "vanish-depth",
                        "slope-trend",
                        "collapse",
                        "explode",
                        "chance-level",
                        "one-sided-units",
                        "batch-norm-health",
                        "update-ratio",
                        "plateau",
                        "divergence",
                        "overfit",
                        "telemetry-loss",
                        "silent-run");
        assertThat(RuleEngine.standard().descriptions().get(1).parameters())
                .containsEntry("warning_share", 0.25)
                .containsEntry("clear_share", 0.10)
                .containsEntry("for_iterations", 20.0)
                .containsEntry("keep_iterations", 200.0)
                .containsEntry("half_life_iterations", 20.0);
    }
}
