package io.gradwatch.experiments.run;

import static java.util.Objects.requireNonNull;

import io.gradwatch.contract.v1.Dataset;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.experiments.data.Batch;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.network.NetworkLayout;
import io.gradwatch.listener.GradientTelemetry;
import io.gradwatch.listener.LayerRole;
import io.gradwatch.listener.command.CommandRefusedException;
import io.gradwatch.listener.command.TrainingCommands;
import io.gradwatch.listener.publish.Delivery;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;

/** Reports a run to Kafka through the listener. */
public final class KafkaTelemetry implements RunTelemetry {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final GradientTelemetry telemetry;
    private final AtomicReference<@Nullable RunOrders> orders;

    private KafkaTelemetry(GradientTelemetry telemetry, AtomicReference<@Nullable RunOrders> orders) {
        this.telemetry = telemetry;
        this.orders = orders;
    }

    /** Reports to the Kafka that these properties name; to nobody without properties. */
    public static RunTelemetry.Factory factory(Map<String, String> kafka) {
        return kafka.isEmpty()
                ? RunTelemetry.Factory.NONE
                : (description, network, attempt) -> {
                    try {
                        return start(kafka, description, network, attempt);
                    } catch (IllegalArgumentException e) {
                        throw new TelemetryException(String.valueOf(e.getMessage()), e);
                    }
                };
    }

    /**
     * Announces the run, in the background; returns at once, whether or not Kafka answers.
     *
     * @param kafka properties for Kafka's clients, {@code bootstrap.servers} among them
     * @param network of the run
     * @param attempt 1 for the first
     * @throws IllegalArgumentException naming a property that Kafka's client does not accept
     */
    static KafkaTelemetry start(
            Map<String, String> kafka, RunDescription description, ComputationGraph network, int attempt) {
        TrainingSettings settings = description.settings();
        SamplingPlan sampling = SamplingPlan.of(description.environment());
        AtomicReference<@Nullable RunOrders> orders = new AtomicReference<>();
        GradientTelemetry telemetry = GradientTelemetry.to(kafka.getOrDefault("bootstrap.servers", ""))
                .kafka(kafka)
                .runId(description.id())
                .attempt(attempt)
                .name(description.name())
                .preset(settings.preset())
                .seed(settings.seed())
                .batchSize(settings.batchSize())
                .planned(settings.epochs(), description.iterationsPerEpoch(), description.plannedIterations())
                .dataset(dataset(description.data()))
                .configuration(description.configuration())
                .versions(description.versions())
                .tags(description.tags())
                .layers(roles(NetworkLayout.of(settings.spec())))
                .fusedActivations(step -> FusedActivations.of(network, step))
                .histogramsEvery(sampling.histogramsEvery())
                .activationsEvery(sampling.activationsEvery())
                .curvatureEvery(sampling.curvatureEvery())
                .shatteringEvery(sampling.shatteringEvery())
                .commands(commands(() -> requireNonNull(orders.get())))
                .start(network);
        return new KafkaTelemetry(telemetry, orders);
    }

    /** @param orders of the run; known when the first command is obeyed */
    private static TrainingCommands commands(Supplier<RunOrders> orders) {
        return TrainingCommands.accepted()
                .betweenSteps()
                .pauseUntil(() -> orders.get().isStopping())
                .onStop(by -> orders.get().stop(by))
                .onCheckpoint(() -> {
                    try {
                        return orders.get().checkpoint();
                    } catch (IOException e) {
                        throw new CommandRefusedException("no checkpoint was written: " + e.getMessage());
                    }
                })
                .onLearningRate(rate -> orders.get().learningRate(rate))
                .onAnswer(sentence -> orders.get().tell(sentence));
    }

    private static Dataset dataset(ImageData data) {
        return Dataset.newBuilder()
                .setName(data.name())
                .setSynthetic(data.synthetic())
                .setSha256(data.sha256())
                .setTrain(data.train().size())
                .setValidation(data.validation().size())
                .setTest(data.test().size())
                .build();
    }

    private static Function<String, LayerRole> roles(NetworkLayout layout) {
        Map<String, LayerRole> roles = layout.weightLayers().stream()
                .collect(Collectors.toMap(
                        NetworkLayout.WeightLayer::vertex, layer -> new LayerRole(layer.mainPath(), layer.block())));
        return name -> roles.getOrDefault(name, new LayerRole(true, ""));
    }

    @Override
    public Optional<TrainingListener> listener() {
        return Optional.of(telemetry);
    }

    @Override
    public void stepBegins(Batch batch) {
        telemetry.beforeStep(batch.features(), batch.labels());
    }

    @Override
    public void obeys(RunOrders run) {
        orders.set(run);
    }

    @Override
    public void stepEnded() {
        telemetry.obeyCommands();
    }

    @Override
    public void epochEnded(EpochSummary summary) {
        telemetry.epoch(record(summary));
    }

    @Override
    public String ended(RunOutcome outcome) {
        RunEnded.Outcome how = outcome instanceof RunOutcome.Finished
                ? RunEnded.Outcome.FINISHED
                : outcome instanceof RunOutcome.Stopped ? RunEnded.Outcome.STOPPED : RunEnded.Outcome.FAILED;
        outcome.result()
                .ifPresentOrElse(
                        result -> telemetry.ended(how, outcome.reason(), record(result)),
                        () -> telemetry.ended(how, outcome.reason()));
        Delivery delivery = telemetry.close(CLOSE_TIMEOUT);
        return "telemetry: " + delivery.delivered() + " iterations delivered, " + delivery.dropped() + " dropped"
                + (delivery.undelivered() == 0 ? "" : ", " + delivery.undelivered() + " not delivered in time")
                + (telemetry.droppedHistograms() == 0
                        ? ""
                        : ", " + telemetry.droppedHistograms() + " histograms dropped")
                + (delivery.ended() ? "" : ", end of the run not delivered");
    }

    @Override
    public long dropped() {
        return telemetry.dropped();
    }

    private static Result record(RunResult result) {
        Result.Builder record = Result.newBuilder().setBestEpoch(result.bestEpoch());
        result.validationLoss().ifPresent(loss -> record.setValidationLoss((float) loss));
        result.validationAccuracy().ifPresent(accuracy -> record.setValidationAccuracy((float) accuracy));
        result.testLoss().ifPresent(loss -> record.setTestLoss((float) loss));
        result.testAccuracy().ifPresent(accuracy -> record.setTestAccuracy((float) accuracy));
        result.trainLoss().ifPresent(loss -> record.setTrainLoss((float) loss));
        result.trainAccuracy().ifPresent(accuracy -> record.setTrainAccuracy((float) accuracy));
        return record.build();
    }

    private static Epoch record(EpochSummary summary) {
        Epoch.Builder epoch = Epoch.newBuilder()
                .setEpoch(summary.epoch())
                .setIteration(summary.lastIteration())
                .setTrainLoss((float) summary.trainLoss())
                .setTrainAccuracy((float) summary.trainAccuracy())
                .setLearningRate((float) summary.learningRate())
                .setDurationMs(summary.duration().toNanos() / 1e6f);
        summary.validationLoss().ifPresent(loss -> epoch.setValidationLoss((float) loss));
        summary.validationAccuracy().ifPresent(accuracy -> epoch.setValidationAccuracy((float) accuracy));
        return epoch.build();
    }
}
