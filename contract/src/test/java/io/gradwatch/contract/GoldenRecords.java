package io.gradwatch.contract;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.AlertAcknowledgement;
import io.gradwatch.contract.v1.AuditRecord;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Checkpoint;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Dataset;
import io.gradwatch.contract.v1.DryRun;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Pause;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.Resume;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.SetLearningRate;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.contract.v1.Silence;
import io.gradwatch.contract.v1.StartTwin;
import io.gradwatch.contract.v1.Stop;
import io.gradwatch.contract.v1.Summary;
import io.gradwatch.contract.v1.TrainerState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One record of every kind, with every field set somewhere. The golden files hold exactly these. */
final class GoldenRecords {
    private static final float NAN = Float.NaN;
    private static final float INF = Float.POSITIVE_INFINITY;

    private GoldenRecords() {}

    /** By file name, without its extension. */
    static Map<String, Envelope> all() {
        Map<String, Envelope> all = new LinkedHashMap<>();
        all.put("run-started", envelope().setRunStarted(runStarted()).build());
        all.put(
                "run-ended",
                envelope()
                        .setRunEnded(RunEnded.newBuilder()
                                .setStarted(runStarted())
                                .setOutcome(RunEnded.Outcome.FAILED)
                                .setReason("loss is NaN since iteration 57")
                                .setEndedAtMs(1_800_000_060_000L)
                                .setIterations(58)
                                .setDropped(3)
                                .setResult(Result.newBuilder()
                                        .setBestEpoch(98)
                                        .setValidationLoss(1.9693874f)
                                        .setValidationAccuracy(0.4908f)
                                        .setTestLoss(1.9375f)
                                        .setTestAccuracy(0.4995f)
                                        .setTrainLoss(1.6030664f)
                                        .setTrainAccuracy(0.5495f)))
                        .build());
        all.put("iteration", envelope().setIteration(iteration()).build());
        all.put("iteration-not-finite", envelope().setIteration(notFinite()).build());
        all.put(
                "iteration-minimal",
                Envelope.newBuilder()
                        .setSchemaVersion(1)
                        .setRunId("r1")
                        .setAttempt(1)
                        .setProducedAtMs(1_800_000_000_000L)
                        .setIteration(Iteration.newBuilder()
                                .setIteration(300)
                                .setBatchSize(16)
                                .setLoss(0.5f)
                                .setLayers(LayerStatistics.newBuilder()
                                        .addMeanAbs(1)
                                        .addMeanAbs(0.25f)))
                        .build());
        all.put("iteration-sampled", envelope().setIteration(sampled()).build());
        all.put("histograms", envelope().setHistograms(histograms()).build());
        all.put("epoch", envelope().setEpoch(epoch()).build());
        all.put("alert", envelope().setAlert(alert()).build());
        all.put(
                "run-annotation",
                envelope()
                        .setRunAnnotation(RunAnnotation.newBuilder()
                                .setName("the cure, again")
                                .addAllTags(List.of("paper", "cured"))
                                .setNotes("Loss falls from iteration 40 on.\nSee \u05e9\u05dc\u05d5\u05dd.")
                                .addAllLabels(List.of("healthy")))
                        .build());
        all.put(
                "run-deleted",
                envelope()
                        .setRunAnnotation(RunAnnotation.newBuilder().setDeleted(true))
                        .build());
        all.put(
                "run-annotation-attention",
                envelope()
                        .setRunAnnotation(RunAnnotation.newBuilder()
                                .addAcknowledged(AlertAcknowledgement.newBuilder()
                                        .setAlertId("r1/vanish-floor/0/1")
                                        .setBy("ada")
                                        .setNote("restarting it with skips")
                                        .setAtMs(1_800_000_060_000L)
                                        .setSeverity(Alert.Severity.WARNING))
                                .addSilences(Silence.newBuilder()
                                        .setRule("plateau")
                                        .setFromMs(1_800_000_060_000L)
                                        .setUntilMs(1_800_028_860_000L)
                                        .setBy("ada")
                                        .setReason("known until morning")))
                        .build());
        all.put("command-pause", command(command("c-1").setPause(Pause.getDefaultInstance())));
        all.put("command-resume", command(command("c-2").setResume(Resume.getDefaultInstance())));
        all.put("command-stop", command(command("c-3").setStop(Stop.getDefaultInstance())));
        all.put("command-checkpoint", command(command("c-4").setCheckpoint(Checkpoint.getDefaultInstance())));
        all.put(
                "command-set-learning-rate",
                command(command("c-5")
                        .setSetLearningRate(SetLearningRate.newBuilder().setLearningRate(2.5e-4))));
        all.put(
                "acknowledgement",
                envelope()
                        .setAcknowledgement(Acknowledgement.newBuilder()
                                .setCommandId("c-5")
                                .setOutcome(Acknowledgement.Outcome.REFUSED)
                                .setIteration(57)
                                .setReason("learning rate 0; accepted is above 0"))
                        .build());
        all.put(
                "command-scale-learning-rate",
                command(command("action/c-6")
                        .setIssuedBy("rule plateau")
                        .setReason("the loss stands still since iteration 120")
                        .setIssuedAtIteration(412)
                        .setSetLearningRate(SetLearningRate.newBuilder().setFactor(0.1))));
        all.put(
                "command-start-twin",
                command(command("c-7")
                        .setStartTwin(StartTwin.newBuilder()
                                .setLauncher("launcher-4f2a")
                                .setPreset("vgg38-bn-resnet")
                                .putOptions("lr", "0.001"))));
        all.put(
                "command-dry-run",
                command(command("c-8")
                        .setDryRun(DryRun.newBuilder()
                                .setWould(Command.newBuilder().setStop(Stop.getDefaultInstance())))));
        all.put(
                "acknowledgement-applied",
                envelope()
                        .setAcknowledgement(Acknowledgement.newBuilder()
                                .setCommandId("c-7")
                                .setOutcome(Acknowledgement.Outcome.APPLIED)
                                .setDetail("started beside it")
                                .setStartedRunId("20270115-080312-vgg38-bn-resnet-77c1"))
                        .build());
        all.put(
                "trainer-state",
                envelope()
                        .setTrainerState(TrainerState.newBuilder()
                                .setState(TrainerState.State.PAUSED)
                                .setIteration(57))
                        .build());
        all.put(
                "trainer-state-silent",
                envelope()
                        .setTrainerState(TrainerState.newBuilder()
                                .setState(TrainerState.State.SILENT)
                                .setIteration(412)
                                .setSilentMs(31_250)
                                .setPatienceMs(30_000))
                        .build());
        all.put(
                "audit-record",
                envelope()
                        .setAuditRecord(AuditRecord.newBuilder()
                                .setWho("ada")
                                .setRole("operator")
                                .setAddress("192.0.2.7")
                                .setAction("POST /api/v1/runs/{id}/commands")
                                .setTarget("/api/v1/runs/20270115-080000-vgg38-4f2a/commands")
                                .setOutcome(AuditRecord.Outcome.REFUSED)
                                .setStatus(409)
                                .setDetail("{\"action\":\"pause\"}")
                                .setReason("the run has ended (finished): nobody is left to obey"))
                        .build());
        return all;
    }

    private static Envelope.Builder envelope() {
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setRunId("vgg38-bn-resnet.2027-01-15_08")
                .setAttempt(2)
                .setProducedAtMs(1_800_000_000_123L);
    }

    private static RunStarted runStarted() {
        return RunStarted.newBuilder()
                .setName("VGG38 mit Übersprung")
                .setPreset("vgg38-bn-resnet")
                .setStartedAtMs(1_800_000_000_000L)
                .setSeed(-550)
                .setBatchSize(100)
                .setPlannedEpochs(100)
                .setPlannedIterations(47_500)
                .setIterationsPerEpoch(475)
                .setClasses(100)
                .setParameters(336_868)
                .addLayers(layer(0, "entry", "conv2d", true, "entry", 32, 3, 3, 3))
                .addLayers(layer(1, "stage1.skip", "conv2d", false, "stage 1 reduction", 32, 32, 1, 1))
                .addLayers(layer(2, "head", "dense", true, "head", 32, 100))
                .addBatchNorms(
                        BatchNorm.newBuilder().setIndex(0).setName("entry.bn").setChannels(32))
                .addBatchNorms(BatchNorm.newBuilder()
                        .setIndex(1)
                        .setName("input.bn")
                        .setLayer(-1)
                        .setChannels(3))
                .setDataset(Dataset.newBuilder()
                        .setName("generated 100-class images")
                        .setSynthetic(true)
                        .setSha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                        .setTrain(47_500)
                        .setValidation(2_500)
                        .setTest(10_000))
                .putConfiguration("lr", "0.001")
                .putConfiguration("weight-decay", "0")
                .putVersions("deeplearning4j", "1.0.0-M2.1")
                .putVersions("java", "17.0.15")
                .setHost("trainer-1")
                .addAllTags(List.of("paper", "figure 2"))
                .build();
    }

    private static Layer layer(int index, String name, String type, boolean main, String block, int... shape) {
        Layer.Builder layer = Layer.newBuilder()
                .setIndex(index)
                .setName(name)
                .setType(type)
                .setMainPath(main)
                .setBlock(block);
        for (int size : shape) {
            layer.addShape(size);
        }
        return layer.build();
    }

    private static Iteration iteration() {
        return Iteration.newBuilder()
                .setIteration(5_000_000_000L)
                .setEpoch(7)
                .setBatchSize(100)
                .setLoss(4.605f)
                .setAccuracy(0)
                .setLearningRate(0.001f)
                .setIterationMs(81.25f)
                .setTelemetryMs(0.25f)
                .setDropped(3)
                .setLayers(LayerStatistics.newBuilder()
                        .addAllMeanAbs(List.of(8.8e-19f, 1e-45f, 1.6e-4f))
                        .addAllL2(List.of(3e-18f, 0f, 0.0125f))
                        .addAllMaxAbs(List.of(5e-18f, 0f, 0.0009765625f))
                        .addAllZeroFraction(List.of(0f, 1f, 0.5f))
                        .addAllParameterL2(List.of(5.5f, 3.25f, 8f))
                        .addAllUpdateRatio(List.of(1e-3f, 0f, 0.002f)))
                .setBatchNorms(BatchNormStatistics.newBuilder()
                        .setGamma(summary(1, 0.5f, 1.5f))
                        .setBeta(summary(0, -0.5f, 0.5f))
                        .setBatchMean(summary(-0.125f, -2, 2))
                        .setBatchVariance(summary(0.75f, 0, 4))
                        .setRunningMean(summary(-0.25f, -2, 2))
                        .setRunningVariance(summary(1, 0.25f, 3))
                        .addDrift(0.125f)
                        .addDrift(0.0625f))
                .build();
    }

    private static Summary.Builder summary(float mean, float min, float max) {
        return Summary.newBuilder()
                .addMean(mean)
                .addMean(mean * 2)
                .addMin(min)
                .addMin(min * 2)
                .addMax(max)
                .addMax(max * 2);
    }

    private static Iteration notFinite() {
        return Iteration.newBuilder()
                .setIteration(57)
                .setBatchSize(100)
                .setLoss(NAN)
                .setLearningRate(0.1f)
                .setLayers(LayerStatistics.newBuilder()
                        .addAllMeanAbs(List.of(NAN, 0.5f, 3e38f))
                        .addAllL2(List.of(NAN, 2f, INF))
                        .addAllMaxAbs(List.of(NAN, 1f, 3.25e38f))
                        .addAllZeroFraction(List.of(NAN, 0f, 0f))
                        .addAllNanCount(List.of(864, 1, 0))
                        .addAllInfCount(List.of(0, 2, 0))
                        .addAllParameterL2(List.of(5.5f, INF, 8f))
                        .addAllUpdateRatio(List.of(NAN, 0f, INF)))
                .setBatchNorms(BatchNormStatistics.newBuilder()
                        .setBatchMean(summary(-INF, -INF, 1))
                        .setBatchVariance(summary(NAN, NAN, NAN))
                        .addDrift(INF)
                        .addDrift(NAN))
                .build();
    }

    private static Iteration sampled() {
        return Iteration.newBuilder()
                .setIteration(100)
                .setBatchSize(100)
                .setLoss(4.5f)
                .setActivations(ActivationStatistics.newBuilder()
                        .addAllMean(List.of(0.25f, NAN, 0.5f))
                        .addAllStandardDeviation(List.of(1f, NAN, 0.125f))
                        .addAllNegativeFraction(List.of(0.5f, NAN, 0f))
                        .addAllOneSidedFraction(List.of(0.03125f, NAN, 0f)))
                .setCurvature(Curvature.newBuilder()
                        .setStep(0.001f)
                        .setGradientSquare(2.5)
                        .setGradientCurvature(-1e-40)
                        .setPredictedChange(-0.0025)
                        .setActualChange(-0.00225)
                        .setCostMs(180.5f))
                .setShattering(Shattering.newBuilder()
                        .setCorrelation(0.75f)
                        .addAllLayerCorrelation(List.of(-1f, NAN, 0.875f))
                        .setCostMs(90.25f))
                .setResources(Resources.newBuilder()
                        .setProcessCpu(1.75f)
                        .setSystemCpu(0.96875f)
                        .setHeapBytes(123_456_789L)
                        .setResidentBytes(6_000_000_000L)
                        .setNativeBytes(1_000_000_000L)
                        .setGpu(0.5f)
                        .setGpuBytes(8_589_934_592L))
                .build();
    }

    private static Histograms histograms() {
        return Histograms.newBuilder()
                .setIteration(100)
                .setEpoch(1)
                .addGradients(Histogram.newBuilder()
                        .setFirstBin(20)
                        .addAllCounts(List.of(4L, 0L, 860L))
                        .setZeros(1)
                        .setBelow(2))
                .addGradients(Histogram.newBuilder().setNotFinite(1_024))
                .addGradients(
                        Histogram.newBuilder().setFirstBin(63).addCounts(3_199).setAbove(1))
                .addParameters(Histogram.newBuilder().setFirstBin(48).addAllCounts(List.of(400L, 464L)))
                .addParameters(Histogram.newBuilder().setFirstBin(48).addCounts(1_024))
                .addParameters(Histogram.newBuilder().setFirstBin(49).addCounts(3_200))
                .setDropped(2)
                .build();
    }

    private static Epoch epoch() {
        return Epoch.newBuilder()
                .setEpoch(3)
                .setIteration(1_899)
                .setTrainLoss(3.5f)
                .setTrainAccuracy(0.125f)
                .setValidationLoss(INF)
                .setValidationAccuracy(0.1f)
                .setLearningRate(0.00098f)
                .setDurationMs(39_000)
                .setTestLoss(NAN)
                .setTestAccuracy(0.0625f)
                .build();
    }

    private static Alert alert() {
        return Alert.newBuilder()
                .setAlertId("vgg38/vanish-depth/4/1")
                .setTransition(2)
                .setRule("vanish-depth")
                .setRuleVersion(1)
                .setSeverity(Alert.Severity.CRITICAL)
                .setState(Alert.State.FIRING)
                .setSinceMs(1_800_000_000_100L)
                .setFirstIteration(4)
                .setLastIteration(12)
                .addAllLayers(List.of(0, 1, 2, 35))
                .setCutLayer(0)
                .setMessage("The gradient is lost below layer 0.")
                .putInputs("decades", Double.POSITIVE_INFINITY)
                .putInputs("ratio", 5.5e-15)
                .putThresholds("decades", 4)
                .setPartition(3)
                .setFirstOffset(1_000)
                .setLastOffset(1_008)
                .build();
    }

    private static Command.Builder command(String id) {
        return Command.newBuilder()
                .setCommandId(id)
                .setExpiresAtMs(1_800_000_030_000L)
                .setIssuedBy("ada");
    }

    private static Envelope command(Command.Builder command) {
        return envelope().setCommand(command).build();
    }
}
