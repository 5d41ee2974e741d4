package io.gradwatch.telemetry.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.Summary;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the rules on loss, weights, batch normalisation and the telemetry itself say, and what they leave alone. */
class TrainingRulesTest {
    private static final int EPOCH = 40;
    private static final RunStarted CLASSIFIER = Run.vgg38().toBuilder()
            .setClasses(100)
            .setIterationsPerEpoch(EPOCH)
            .setPlannedIterations(100 * EPOCH)
            .build();

    private final Run run = new Run(RuleEngine.standard(), CLASSIFIER);

    /** A network that learns: loss from 4.6 down, with the noise of batches. */
    private static Iteration.Builder healthy(long iteration) {
        Random random = new Random(iteration);
        LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        for (int l = 0; l < 38; l++) {
            layers.addMeanAbs((float) (1e-3 * Math.pow(10, 0.1 * random.nextGaussian())));
            layers.addL2(0.1f).addNanCount(0).addInfCount(0).addParameterL2(3).addUpdateRatio(1e-3f);
        }
        return Iteration.newBuilder()
                .setLoss((float) (1 + 3.6 * Math.exp(-iteration / 3000.0) + 0.05 * random.nextGaussian()))
                .setAccuracy(0.3f)
                .setLearningRate(1e-3f)
                .setLayers(layers);
    }

    private static Iteration.Builder withGradients(long iteration, double factor) {
        Iteration.Builder it = healthy(iteration);
        LayerStatistics.Builder layers = it.getLayersBuilder();
        for (int l = 0; l < layers.getMeanAbsCount(); l++) {
            layers.setMeanAbs(l, (float) (layers.getMeanAbs(l) * factor));
            layers.setL2(l, (float) (layers.getL2(l) * factor));
        }
        return it;
    }

    @Test
    void aNetworkThatLearnsRaisesNothingInHundredEpochs() {
        run.iterations(100 * EPOCH, TrainingRulesTest::healthy);

        assertThat(run.firing()).isEmpty();
    }

    @Nested
    class NanAndInfinity {
        @Test
        void firesAtOnceNamesTheLayerAndStays() {
            run.iterations(100, TrainingRulesTest::healthy);
            run.iterations(1, it -> {
                Iteration.Builder bad = healthy(it).setLoss(Float.NaN);
                bad.getLayersBuilder().setNanCount(35, 12).setMeanAbs(35, Float.NaN);
                return bad;
            });
            run.iterations(1000, TrainingRulesTest::healthy);

            assertThat(run.story("nan-inf")).containsExactly("PENDING CRITICAL 100", "FIRING CRITICAL 100");
            Alert alert = run.of("nan-inf").get(1);
            assertThat(alert.getLayersList()).containsExactly(35);
            assertThat(alert.getMessage())
                    .isEqualTo("Not finite: the loss is NaN; the gradient has NaN or infinity in stage3.reduction.conv1"
                            + " (layer 35). Training cannot go on from here: every later step keeps it.");
        }

        @Test
        void isResolvedByAnAttemptThatStaysFinite() {
            run.iterations(10, it -> healthy(it).setLoss(Float.POSITIVE_INFINITY));
            run.attempt = 2;
            run.iteration = 5;
            run.iterations(300, TrainingRulesTest::healthy);

            assertThat(run.story("nan-inf"))
                    .containsExactly(
                            "PENDING CRITICAL 0",
                            "FIRING CRITICAL 0",
                            "RECOVERING CRITICAL 5",
                            "RESOLVED CRITICAL 204");
        }

        @Test
        void explainsWhateverElseWouldFire() {
            run.iterations(30, it -> withGradients(it, 1e-12));
            run.iterations(1, it -> withGradients(it, 1e-12).setLoss(Float.NaN));
            run.iterations(30, it -> withGradients(it, 1e-12));

            assertThat(run.story("vanish-floor"))
                    .containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 19", "SUPPRESSED CRITICAL 30");
            assertThat(run.of("vanish-floor").get(2).getMessage())
                    .isEqualTo("Explained by nan-inf: suppressed as long as that fires.");
        }

        @Test
        void aSuppressedAlertFiresWhenItsExplanationIsGone() {
            run.iterations(30, it -> withGradients(it, 1e-12).setLoss(Float.NaN));
            run.attempt = 2;
            run.iterations(300, it -> withGradients(it, 1e-12));

            assertThat(run.story("vanish-floor"))
                    .containsExactly("PENDING CRITICAL 0", "SUPPRESSED CRITICAL 19", "FIRING CRITICAL 30");
        }
    }

    @Nested
    class Exploding {
        @Test
        void byTheMedianOverTheLayers() {
            run.iterations(100, it -> withGradients(it, 1e5));

            assertThat(run.story("explode")).containsExactly("PENDING CRITICAL 0", "FIRING CRITICAL 4");
            assertThat(run.of("explode").get(1).getMessage())
                    .startsWith("Gradients explode: their median over the layers");
        }

        @Test
        void byTheNormOfOneLayer() {
            run.iterations(100, it -> {
                Iteration.Builder one = healthy(it);
                one.getLayersBuilder().setL2(3, 5000);
                return one;
            });

            assertThat(run.of("explode").get(1).getLayersList()).containsExactly(3);
            assertThat(run.of("explode").get(1).getMessage())
                    .isEqualTo("Gradients explode: the norm is above 1000 in stage1.block2.conv1 (layer 3).");
        }

        @Test
        void byARiseOverALayersOwnPastWhichTheTroubleDoesNotChange() {
            run.iterations(700, TrainingRulesTest::healthy);
            run.iterations(5000, it -> withGradients(it, 300));

            assertThat(run.of("explode"))
                    .extracting(Alert::getState)
                    .containsExactly(Alert.State.PENDING, Alert.State.FIRING);
        }

        @Test
        void aNetworkThatLeavesItsFirstPlateauIsNoExplosion() {
            run.iterations(1500, it -> withGradients(it, Math.min(10, 1e-3 * Math.pow(10, it / 15.0))));

            assertThat(run.of("explode")).isEmpty();
        }

        @Test
        void norOneThatLeavesALongPlateauForGradientsAsTheyAreUsual() {
            run.iterations(1500, it -> withGradients(it, it < 900 ? 1e-2 : 10));

            assertThat(run.of("explode")).isEmpty();
        }

        @Test
        void atOnceByAStepThatLeavesNothingOfTheWeights() {
            run.iterations(100, it -> stepping(it, it == 0 ? 29 : 0.7)); // vgg38-bn-resnet with a learning rate of 1

            assertThat(run.story("explode"))
                    .containsExactly(
                            "PENDING CRITICAL 0", "FIRING CRITICAL 0", "RECOVERING CRITICAL 1", "RESOLVED CRITICAL 50");
            assertThat(run.of("explode").get(1).getMessage())
                    .startsWith("Training explodes: a step is 29 times as large as the weights");
        }

        @Test
        void aLargeFirstStepIsNoExplosion() {
            run.iterations(100, it -> stepping(it, it == 0 ? 2.9 : 0.07)); // with 0.1 it learns

            assertThat(run.of("explode")).isEmpty();
        }

        private Iteration.Builder stepping(long it, double ratio) {
            Iteration.Builder iteration = healthy(it);
            iteration.getLayersBuilder().clearUpdateRatio();
            for (int l = 0; l < iteration.getLayers().getMeanAbsCount(); l++) {
                iteration.getLayersBuilder().addUpdateRatio((float) ratio);
            }
            return iteration;
        }

        @Test
        void aFirstLayerNearOneIsNoExplosion() {
            run.iterations(300, it -> {
                Iteration.Builder bn = healthy(it);
                bn.getLayersBuilder().setMeanAbs(0, 2.2f);
                return bn;
            });

            assertThat(run.of("explode")).isEmpty();
        }
    }

    @Nested
    class Collapsing {
        @Test
        void whatWasHealthyAndDies() {
            run.iterations(800, TrainingRulesTest::healthy);
            run.iterations(400, it -> withGradients(it, 1e-2));
            run.iterations(600, TrainingRulesTest::healthy);

            assertThat(run.of("collapse"))
                    .extracting(Alert::getState)
                    .containsExactly(
                            Alert.State.PENDING, Alert.State.FIRING, Alert.State.RECOVERING, Alert.State.RESOLVED);
            assertThat(run.of("collapse").get(1).getLastIteration()).isBetween(804L, 815L);
            assertThat(run.of("collapse").get(1).getMessage()).startsWith("The gradient has collapsed in ");
        }

        @Test
        void notWhileTheLearningRateHasJustStepped() {
            run.iterations(800, TrainingRulesTest::healthy);
            run.iterations(150, it -> withGradients(it, 1e-2).setLearningRate(1e-4f));

            assertThat(run.of("collapse")).isEmpty();
        }

        @Test
        void aSlowDeclineOverThousandsOfIterationsIsNone() {
            run.iterations(6000, it -> withGradients(it, Math.pow(10, -it / 3000.0)));

            assertThat(run.of("collapse")).isEmpty();
        }
    }

    @Nested
    class ChanceLevelOfAClassifier {
        private final LongFunction<Iteration.Builder> guessing =
                it -> healthy(it).setLoss(4.605f).setAccuracy(0.01f);

        @Test
        void firesAfterThreeEpochs() {
            run.iterations(5 * EPOCH, guessing);

            assertThat(run.story("chance-level"))
                    .containsExactly("PENDING CRITICAL " + EPOCH, "FIRING CRITICAL " + (3 * EPOCH - 1));
            assertThat(run.of("chance-level").get(1).getMessage())
                    .isEqualTo(
                            "The network guesses: its loss of 4.605 is that of the uniform answer (ln 100 = 4.605), its"
                                    + " accuracy 1.0 %.");
        }

        @Test
        void firesAfterOneWhileTheGradientVanishes() {
            run.iterations(
                    5 * EPOCH, it -> withGradients(it, 1e-12).setLoss(4.605f).setAccuracy(0.01f));

            assertThat(run.story("chance-level")).containsExactly("PENDING CRITICAL " + EPOCH, "FIRING CRITICAL 99");
        }

        @Test
        void aNetworkThatHasJustBegunIsNotJudged() {
            run.iterations(EPOCH, guessing);

            assertThat(run.of("chance-level")).isEmpty();
        }

        @Test
        void isNotAskedOfANetworkThatIsNoClassifier() {
            Run regression = new Run(RuleEngine.standard(), Run.vgg38()).iterations(2000, guessing);

            assertThat(regression.of("chance-level")).isEmpty();
        }
    }

    @Nested
    class OneSided {
        private Iteration.Builder sampled(long iteration, float share) {
            Iteration.Builder it = healthy(iteration);
            if (iteration % 50 == 0) {
                ActivationStatistics.Builder s = ActivationStatistics.newBuilder();
                for (int l = 0; l < 37; l++) {
                    s.addOneSidedFraction(l == 0 ? Float.NaN : share);
                }
                it.setActivations(s);
            }
            return it;
        }

        @Test
        void countsTheIterationsBetweenSamples() {
            run.iterations(400, it -> sampled(it, 0.6f));

            assertThat(run.story("one-sided-units")).containsExactly("PENDING WARNING 0", "FIRING WARNING 100");
            assertThat(run.of("one-sided-units").get(1).getLayersCount()).isEqualTo(36);
        }

        @Test
        void aFifthOfTheChannelsIsNormal() {
            run.iterations(400, it -> sampled(it, 0.2f));

            assertThat(run.of("one-sided-units")).isEmpty();
        }
    }

    @Nested
    class Normalisation {
        private final RunStarted described = CLASSIFIER.toBuilder()
                .addBatchNorms(BatchNorm.newBuilder().setName("entry.bn").setLayer(0))
                .addBatchNorms(BatchNorm.newBuilder()
                        .setIndex(1)
                        .setName("stage1.block1.bn1")
                        .setLayer(1))
                .build();
        private final Run normalised = new Run(RuleEngine.standard(), described);

        private Iteration.Builder with(long iteration, float variance, float batchVariance, float gamma, float drift) {
            Summary one = Summary.newBuilder()
                    .addMean(1)
                    .addMean(1)
                    .addMin(.5f)
                    .addMin(.5f)
                    .addMax(2)
                    .addMax(2)
                    .build();
            return healthy(iteration)
                    .setBatchNorms(BatchNormStatistics.newBuilder()
                            .setGamma(one.toBuilder().setMin(1, -gamma).setMax(1, gamma))
                            .setRunningVariance(one.toBuilder().setMean(1, variance))
                            .setBatchVariance(one.toBuilder().setMean(1, batchVariance))
                            .addDrift(0.1f)
                            .addDrift(drift));
        }

        private String message(float variance, float batchVariance, float gamma, float drift) {
            normalised.iterations(700, it -> with(it, variance, batchVariance, gamma, drift));
            Alert firing = normalised.of("batch-norm-health").get(1);
            assertThat(firing.getState()).isEqualTo(Alert.State.FIRING);
            assertThat(firing.getLastIteration()).isEqualTo(599);
            assertThat(firing.getLayersList()).containsExactly(1);
            return firing.getMessage();
        }

        @Test
        void collapsedVariance() {
            assertThat(message(1e-8f, 1e-8f, 1, 0.1f))
                    .isEqualTo("Batch normalisation stage1.block1.bn1: its running variance has collapsed.");
        }

        @Test
        void explodedVariance() {
            assertThat(message(1e6f, 1e6f, 1, 0.1f)).endsWith("its running variance has exploded.");
        }

        @Test
        void deadGammas() {
            assertThat(message(1, 1, 1e-4f, 0.1f)).endsWith("all its γ are near zero.");
        }

        @Test
        void driftingMeans() {
            assertThat(message(1, 1, 1, 5)).endsWith("its batch means are far from the running means.");
        }

        @Test
        void disagreeingVariances() {
            assertThat(message(1, 30, 1, 0.1f)).endsWith("its batch variances are far from the running ones.");
        }

        @Test
        void nothingWhereAllIsWell() {
            normalised.iterations(2000, it -> with(it, 1, 1.5f, 1, 0.3f));

            assertThat(normalised.firing()).isEmpty();
        }
    }

    @Nested
    class Updates {
        private Iteration.Builder with(long iteration, double ratio) {
            Iteration.Builder it = healthy(iteration);
            for (int l = 0; l < 38; l++) {
                it.getLayersBuilder().setUpdateRatio(l, (float) ratio);
            }
            return it;
        }

        @Test
        void tooLargeAndFarTooLarge() {
            run.iterations(300, it -> with(it, 0.3));
            assertThat(run.story("update-ratio")).containsExactly("PENDING INFO 100", "FIRING INFO 199");

            Run worse = new Run(RuleEngine.standard(), CLASSIFIER).iterations(300, it -> with(it, 3));
            assertThat(worse.story("update-ratio")).containsExactly("PENDING WARNING 100", "FIRING WARNING 199");
        }

        @Test
        void tooSmallButNotWhereTheGradientIsKnownToVanish() {
            run.iterations(300, it -> with(it, 1e-7));
            assertThat(run.firing()).extracting(Alert::getRule).containsExactly("update-ratio");

            Run dead = new Run(RuleEngine.standard(), CLASSIFIER).iterations(300, it -> {
                Iteration.Builder small = with(it, 1e-12);
                for (int l = 0; l < 38; l++) {
                    small.getLayersBuilder().setMeanAbs(l, 1e-15f);
                }
                return small;
            });
            assertThat(dead.firing()).extracting(Alert::getRule).doesNotContain("update-ratio");
            assertThat(dead.story("update-ratio")).contains("SUPPRESSED WARNING 199");
        }
    }

    @Nested
    class LossCurves {
        @Test
        void standingStillForFiveEpochs() {
            run.iterations(10 * EPOCH, it -> healthy(0).setLoss((float) (2 + 0.02 * new Random(it).nextGaussian())));

            assertThat(run.of("plateau").get(1).getState()).isEqualTo(Alert.State.FIRING);
            assertThat(run.of("plateau").get(1).getLastIteration()).isBetween(7L * EPOCH - 5, 9L * EPOCH);
        }

        @Test
        void standingStillAtTheEndOfTheScheduleIsMeant() {
            run.iteration = 80 * EPOCH;
            run.iterations(15 * EPOCH, it -> healthy(0).setLoss(2));

            assertThat(run.of("plateau")).isEmpty();
        }

        @Test
        void guessingExplainsAPlateau() {
            run.iterations(12 * EPOCH, it -> healthy(0).setLoss(4.605f).setAccuracy(0.01f));

            assertThat(run.firing()).extracting(Alert::getRule).containsExactly("chance-level");
        }

        @Test
        void leavingItsCourse() {
            run.iterations(900, TrainingRulesTest::healthy);
            run.iterations(10, it -> healthy(it).setLoss(9));
            run.iterations(400, TrainingRulesTest::healthy);

            assertThat(run.story("divergence"))
                    .containsExactly(
                            "PENDING WARNING 900",
                            "FIRING WARNING 902",
                            "RECOVERING WARNING 910",
                            "RESOLVED WARNING 1009");
        }

        @Test
        void oneOddBatchIsNoDivergence() {
            run.iterations(900, TrainingRulesTest::healthy);
            run.iterations(1, it -> healthy(it).setLoss(9));
            run.iterations(100, TrainingRulesTest::healthy);

            assertThat(run.story("divergence")).containsExactly("PENDING WARNING 900", "RESOLVED WARNING 901");
        }

        @Test
        void overfittingNeedsAGapAndAStaleBest() {
            for (int epoch = 0; epoch < 30; epoch++) {
                run.iterations(EPOCH, TrainingRulesTest::healthy);
                run.epoch(Epoch.newBuilder()
                        .setEpoch(epoch)
                        .setIteration((epoch + 1L) * EPOCH - 1)
                        .setTrainLoss(3f / (1 + epoch))
                        .setValidationLoss(epoch < 8 ? 3f - 0.2f * epoch : 1.6f + 0.02f * epoch)
                        .build());
            }

            // best in epoch 7; stale from 17 on; five epochs later
            assertThat(run.of("overfit"))
                    .extracting(Alert::getState)
                    .containsExactly(Alert.State.PENDING, Alert.State.FIRING);
            assertThat(run.of("overfit").get(1).getLastIteration()).isEqualTo(22L * EPOCH - 1);
            assertThat(run.of("overfit").get(1).getMessage()).contains("at its best (1.600) 14 epochs ago, in epoch 8");
        }

        @Test
        void overfittingIsTheSameWhereALaterAttemptsIterationsWereReadBefore() {
            run.iterations(30 * EPOCH, TrainingRulesTest::healthy);
            run.attempt = 2;
            run.iterations(3 * EPOCH, TrainingRulesTest::healthy);
            run.attempt = 1;
            for (int epoch = 0; epoch < 30; epoch++) {
                run.epoch(Epoch.newBuilder()
                        .setEpoch(epoch)
                        .setIteration((epoch + 1L) * EPOCH - 1)
                        .setTrainLoss(3f / (1 + epoch))
                        .setValidationLoss(epoch < 8 ? 3f - 0.2f * epoch : 1.6f + 0.02f * epoch)
                        .build());
            }

            assertThat(run.of("overfit"))
                    .extracting(Alert::getState)
                    .containsExactly(Alert.State.PENDING, Alert.State.FIRING);
            assertThat(run.of("overfit").get(1).getLastIteration()).isEqualTo(22L * EPOCH - 1);
        }

        @Test
        void aGapAloneIsNoOverfitting() {
            for (int epoch = 0; epoch < 30; epoch++) {
                run.iterations(EPOCH, TrainingRulesTest::healthy);
                run.epoch(Epoch.newBuilder()
                        .setEpoch(epoch)
                        .setIteration((epoch + 1L) * EPOCH - 1)
                        .setTrainLoss(2f / (1 + epoch))
                        .setValidationLoss(3f / (1 + epoch / 3f))
                        .build());
            }

            assertThat(run.of("overfit")).isEmpty();
        }
    }

    @Nested
    class Telemetry {
        @Test
        void missingIterationsAreTold() {
            run.iterations(1000, TrainingRulesTest::healthy);
            run.iteration += 7;
            run.iterations(1000, it -> healthy(it).setDropped(7));

            assertThat(run.story("telemetry-loss"))
                    .containsExactly(
                            "PENDING INFO 1007", "FIRING INFO 1007", "RECOVERING INFO 1107", "RESOLVED INFO 1606");
            assertThat(run.of("telemetry-loss").get(1).getMessage())
                    .startsWith("7 iterations of this run are missing, 7 ");
        }
    }

    @Test
    void allOfItIsTheSameWhereverTheEvaluationIsInterrupted() {
        Run broken = new Run(RuleEngine.standard(), CLASSIFIER);
        LongFunction<Iteration.Builder> story =
                it -> it % 1500 > 1200 ? withGradients(it, 1e-3).setLoss(8) : healthy(it);
        Random random = new Random(3);
        for (int i = 0; i < 3000; i++) {
            run.iterations(1, story);
            broken.iterations(1, story);
            if (random.nextInt(20) == 0) {
                broken.state = RunState.fromBytes(broken.state.toBytes());
            }
        }

        assertThat(run.transitions).hasSizeGreaterThan(8);
        assertThat(broken.transitions).isEqualTo(run.transitions);
        assertThat(broken.state).isEqualTo(run.state);
    }
}
