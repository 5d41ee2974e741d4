package io.gradwatch.telemetry.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.evidence.Card.Evidence;
import io.gradwatch.telemetry.evidence.Card.Figure;
import io.gradwatch.telemetry.evidence.Card.Source;
import io.gradwatch.telemetry.evidence.Card.Suggestion;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.runs.RunTracker;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CardsTest {
    private static final RunSummary VGG38 = run("vgg38-1", "vgg38", Map.of(), 500, 0);

    @Test
    void saysWhatWasMeasured() {
        assertThat(card(VGG38, List.of()).measured())
                .contains(
                        new Figure("Cut", "layer 35 · conv 35"),
                        new Figure("Lost from loss to input", "13.7 decades"),
                        new Figure("Below 1e-8, Adam's ε", "36 of 38 layers"),
                        new Figure("Gradient at the input", "8.8e-19"),
                        new Figure("Layers concerned", "36 of 38: 0 to 35"),
                        new Figure("First seen", "iteration 0"),
                        new Figure("Measured at", "iteration 19"));
    }

    @Test
    void everyStandardRuleHasACardWithTwoSentences() {
        RuleEngine.standardRules().forEach(rule -> {
            Card card = Cards.of(List.of(alert(rule.name())), VGG38, List.of(VGG38), id -> Set.of());
            assertThat(RuleText.knows(rule.name())).as(rule.name()).isTrue();
            assertThat(card.title()).isNotEqualTo(rule.name());
            assertThat(card.meaning()).hasSize(2).allMatch(s -> s.endsWith(".") && !s.contains(". "));
            assertThat(card.suggestions()).as(rule.name()).isNotEmpty();
        });
    }

    @Test
    void aStoredRunThatDiffersInOneFactorIsTheStrongestEvidence() {
        RunSummary healed = run("bn-1", "vgg38-bn", Map.of("bn", "before", "seed", "7"), 4_750, 0.4123f);
        RunSummary both = run("both-1", "vgg38-bn-resnet", Map.of("bn", "before", "skip", "conv"), 4_750, 0.5f);
        RunSummary otherBatch = run("b512", "vgg38-bn", Map.of("bn", "before", "batch", "512"), 4_750, 0.9f);
        RunSummary justBegun = run("young", "vgg38-bn", Map.of("bn", "before"), 5, 0.9f);
        Evidence evidence = only(card(VGG38, List.of(VGG38, both, otherBatch, justBegun, healed)));
        assertThat(evidence)
                .isEqualTo(new Evidence(
                        Source.RUN,
                        List.of("batch normalisation: none → before"),
                        true,
                        Optional.of("bn-1"),
                        "vgg38-bn",
                        "This alert did not fire there; best validation accuracy 41.23 % after 4,750 iterations; no"
                                + " alert."));
    }

    @Test
    void withoutOneThePaperSpeaksAndARunThatDiffersInTwo() {
        RunSummary both = run("both-1", "vgg38-bn-resnet", Map.of("bn", "before", "skip", "conv"), 4_750, 0.5f);
        List<Evidence> evidence = card(VGG38, List.of(both)).evidence();
        assertThat(evidence).extracting(Evidence::source).containsExactly(Source.PAPER, Source.RUN);
        assertThat(evidence.get(0).factors()).containsExactly("batch normalisation: none → before");
        assertThat(evidence.get(0).text())
                .isEqualTo(
                        "In the paper's Table 1 it changes the test accuracy on CIFAR-100 from 1.00 % (vgg38) to 46.78 %"
                                + " (vgg38-bn).");
        assertThat(evidence.get(1).factors())
                .containsExactly("batch normalisation: none → before", "skip connections: none → conv");
        assertThat(evidence.get(1).runId()).contains("both-1");
    }

    @Test
    void aRunThatHadTheSameTroubleIsSaidToHaveHadIt() {
        RunSummary shallow = run("less", "vgg38", Map.of("depth-blocks", "3"), 4_750, 0.01f);
        List<Evidence> evidence = Cards.of(
                        List.of(alert("vanish-floor")),
                        VGG38,
                        List.of(shallow),
                        id -> Set.of("vanish-floor", "chance-level"))
                .evidence();
        assertThat(evidence.get(0).helped()).isFalse();
        assertThat(evidence.get(0).text())
                .startsWith("The same alert fired there")
                .endsWith("alerts: chance-level, vanish-floor.");
        assertThat(evidence.get(1).source()).isEqualTo(Source.PAPER);
    }

    @Test
    void otherImagesAreNoEvidence() {
        RunSummary real = run("real", "vgg38-bn", Map.of("bn", "before"), 4_750, 0.4f);
        RunSummary made = run("made", "vgg38", Map.of(), 500, 0, true);
        List<Evidence> evidence = card(made, List.of(real)).evidence();
        assertThat(evidence).extracting(Evidence::source).containsExactly(Source.PAPER);
    }

    @Test
    void commandsKeepEverythingElseAsItWas() {
        RunSummary run = run(
                "x",
                "vgg38",
                Map.of(
                        "batch",
                        "16",
                        "seed",
                        "550",
                        "epochs",
                        "30",
                        "data",
                        "/my images/cifar",
                        "noise",
                        "0.02",
                        "filters",
                        "16"),
                500,
                0);
        assertThat(commands(card(run, List.of())))
                .containsExactly(
                        "./gradwatch train vgg38-bn-resnet --epochs 30 --batch 16 --lr 0.001 --seed 550 --data '/my"
                                + " images/cifar' --filters 16 --noise 0.02",
                        "./gradwatch train vgg38-bn --epochs 30 --batch 16 --lr 0.001 --seed 550 --data '/my"
                                + " images/cifar' --filters 16 --noise 0.02",
                        "./gradwatch train vgg38-resnet --epochs 30 --batch 16 --lr 0.001 --seed 550 --data '/my"
                                + " images/cifar' --filters 16 --noise 0.02",
                        "./gradwatch train vgg38 --epochs 30 --batch 16 --lr 0.001 --seed 550 --data '/my"
                                + " images/cifar' --filters 16 --init he --noise 0.02",
                        "./gradwatch train vgg08 --epochs 30 --batch 16 --lr 0.001 --seed 550 --data '/my"
                                + " images/cifar' --filters 16 --noise 0.02");
    }

    @Test
    void suggestsNothingThatTheRunHasAlready() {
        RunSummary cured = run("x", "vgg38-bn-resnet", Map.of("bn", "before", "skip", "conv", "init", "he"), 500, 0);
        assertThat(card(cured, List.of()).suggestions())
                .extracting(Suggestion::title)
                .containsExactly("Fewer layers");
        RunSummary dense = run("y", "densenet", Map.of("bn", "none", "depth-blocks", "6", "growth", "12"), 500, 0);
        assertThat(commands(card(without(dense, "skip"), List.of())))
                .first()
                .asString()
                .startsWith("./gradwatch train densenet ")
                .contains("--bn before")
                .contains("--growth 12");
    }

    @Test
    void aPresetOfAnotherWeightDecayKeepsTheRunsOwn() {
        RunSummary run = run(
                "x",
                "vgg38-bn-resnet-b256-lr0.001-wd1e-4",
                Map.of("bn", "before", "skip", "conv", "depth-blocks", "3", "weight-decay", "0.0"),
                500,
                0);
        assertThat(commands(Cards.of(List.of(alert("explode")), run, List.of(), id -> Set.of())))
                .first()
                .asString()
                .isEqualTo("./gradwatch train vgg38-bn-resnet-b256-lr0.001-wd1e-4 --epochs 100 --batch 100 --lr 1e-4"
                        + " --weight-decay 0.0 --seed 0 --data cifar --depth-blocks 3");
    }

    @Test
    void aModelOfOnesOwnGetsTheChangeInWords() {
        RunStarted own = RunStarted.newBuilder().setName("mine").build();
        Card card = card(RunTracker.announced("own", 1, own, 0).summary(), List.of(VGG38));
        assertThat(card.suggestions()).hasSize(5).allMatch(s -> s.command().isEmpty());
        assertThat(card.suggestions().get(1).text()).contains("BatchNormalization layer");
        assertThat(card.evidence()).isEmpty();
    }

    @Test
    void stepsThatAreTooSmallAreMadeLarger() {
        for (double ratio : new double[] {1e-8, 0.5}) {
            Alert alert = alert("update-ratio").toBuilder()
                    .putInputs("median_update_ratio", ratio)
                    .putThresholds("most", 0.1)
                    .build();
            assertThat(commands(Cards.of(List.of(alert), VGG38, List.of(), id -> Set.of())))
                    .containsExactly("./gradwatch train vgg38 --epochs 100 --batch 100 --lr "
                            + (ratio > 0.1 ? "1e-4" : "0.01") + " --seed 0 --data cifar");
        }
    }

    @Test
    void aRuleOfOnesOwnHasACardToo() {
        Alert alert = alert("my-rule").toBuilder()
                .clearInputs()
                .putInputs("value", 12.5)
                .putThresholds("threshold", 10)
                .setMessage("Too much.")
                .build();
        Card card = Cards.of(List.of(alert), VGG38, List.of(), id -> Set.of());
        assertThat(card.title()).isEqualTo("my-rule");
        assertThat(card.meaning().get(0)).isEqualTo("One of your own rules says: Too much.");
        assertThat(card.measured()).contains(new Figure("Value (threshold 10)", "12.5"));
    }

    @Test
    void isAboutTheNewestFiringTransition() {
        Alert fired = alert("vanish-floor");
        Alert resolved = fired.toBuilder()
                .setState(Alert.State.RESOLVED)
                .setLastIteration(900)
                .putInputs("decades_lost", 0.1)
                .build();
        Card card = Cards.of(List.of(fired, resolved), VGG38, List.of(), id -> Set.of());
        assertThat(card.measured()).contains(new Figure("Lost from loss to input", "13.7 decades"));
    }

    private static Card card(RunSummary run, List<RunSummary> others) {
        return Cards.of(List.of(alert("vanish-floor")), run, others, id -> Set.of());
    }

    private static Evidence only(Card card) {
        assertThat(card.evidence()).hasSize(1);
        return card.evidence().get(0);
    }

    private static List<String> commands(Card card) {
        return card.suggestions().stream()
                .map(Suggestion::command)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Alert alert(String rule) {
        Alert.Builder alert = Alert.newBuilder()
                .setAlertId("x/" + rule + "/0/1")
                .setRule(rule)
                .setRuleVersion(1)
                .setState(Alert.State.FIRING)
                .setSeverity(Alert.Severity.CRITICAL)
                .setLastIteration(19)
                .setCutLayer(35)
                .putInputs("layers", 38)
                .putInputs("decades_lost", 13.7)
                .putInputs("start_log10", Math.log10(8.8e-19))
                .putInputs("share_below_critical_level", 36 / 38.0)
                .putThresholds("critical_log10", -8);
        for (int l = 0; l < 36; l++) {
            alert.addLayers(l);
        }
        return alert.build();
    }

    private static RunSummary run(
            String id, String preset, Map<String, String> changes, int iterations, float accuracy) {
        return run(id, preset, changes, iterations, accuracy, false);
    }

    private static RunSummary run(
            String id, String preset, Map<String, String> changes, int iterations, float accuracy, boolean synthetic) {
        Map<String, String> options = new HashMap<>(Map.of(
                "preset",
                preset,
                "epochs",
                "100",
                "batch",
                "100",
                "lr",
                "0.001",
                "schedule",
                "cosine",
                "weight-decay",
                "0.0",
                "seed",
                "0",
                "data",
                "cifar"));
        options.putAll(Map.of(
                "depth-blocks",
                "5",
                "skip",
                "none",
                "filters",
                "32",
                "bn",
                "none",
                "activation",
                "leaky-relu",
                "init",
                "uniform",
                "augment",
                "on",
                "noise",
                "0.0",
                "validate-every",
                "1",
                "threads",
                "2"));
        options.putAll(changes);
        RunStarted.Builder started = RunStarted.newBuilder()
                .setName(preset)
                .setPreset(preset)
                .setClasses(100)
                .putAllConfiguration(options);
        started.getDatasetBuilder().setName("cifar-100").setSynthetic(synthetic);
        for (int l = 0; l < 38; l++) {
            started.addLayers(
                    Layer.newBuilder().setIndex(l).setName("conv " + l).setMainPath(true));
        }
        RunTracker tracker = RunTracker.announced(id, 1, started.build(), 0);
        tracker.iteration(
                new IterationRecord(
                        id,
                        1,
                        0,
                        1,
                        0,
                        Iteration.newBuilder()
                                .setIteration(iterations - 1)
                                .setLoss(4)
                                .build()),
                0);
        if (accuracy > 0) {
            tracker.epoch(
                    new EpochRecord(
                            id,
                            1,
                            0,
                            0,
                            0,
                            Epoch.newBuilder()
                                    .setIteration(iterations - 1)
                                    .setValidationAccuracy(accuracy)
                                    .build()),
                    0);
        }
        tracker.ended(
                1,
                io.gradwatch.contract.v1.RunEnded.newBuilder()
                        .setStarted(started)
                        .setOutcome(io.gradwatch.contract.v1.RunEnded.Outcome.FINISHED)
                        .build(),
                0);
        return tracker.summary();
    }

    private static RunSummary without(RunSummary run, String... options) {
        RunStarted.Builder started = run.description().started().toBuilder();
        Stream.of(options).forEach(started::removeConfiguration);
        return RunTracker.announced(run.id(), 1, started.build(), 0).summary();
    }
}
