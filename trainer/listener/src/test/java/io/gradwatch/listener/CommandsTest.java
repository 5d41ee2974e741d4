package io.gradwatch.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Pause;
import io.gradwatch.contract.v1.Resume;
import io.gradwatch.contract.v1.SetLearningRate;
import io.gradwatch.listener.command.CommandInbox;
import io.gradwatch.listener.command.TrainingCommands;
import io.gradwatch.listener.publish.FakeSink;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** Commands through the listener, to real models. */
@Timeout(120)
class CommandsTest {
    private final FakeSink sink = new FakeSink();
    private volatile CommandInbox inbox = new CommandInbox();

    private GradientTelemetry attach(org.deeplearning4j.nn.api.Model model, TrainingCommands commands) {
        GradientTelemetry telemetry = GradientTelemetry.to("nowhere:1")
                .resources(false)
                .commands(commands)
                .start(model, started -> sink.publisher(started, 100), (box, started) -> {
                    inbox = box;
                    return () -> {};
                });
        model.addListeners(telemetry);
        return telemetry;
    }

    private static DataSet images() {
        return Models.data(DataType.FLOAT, 4, 1, 2, 6, 6);
    }

    private static DataSet vectors() {
        return Models.data(DataType.FLOAT, 4, 1, 4);
    }

    private static Command rate(String id, double value) {
        return Command.newBuilder()
                .setCommandId(id)
                .setSetLearningRate(SetLearningRate.newBuilder().setLearningRate(value))
                .build();
    }

    private List<Iteration> iterations() {
        return sink.log().stream()
                .filter(Envelope::hasIteration)
                .map(Envelope::getIteration)
                .toList();
    }

    private List<Acknowledgement> answers() {
        return sink.log().stream()
                .filter(Envelope::hasAcknowledgement)
                .map(Envelope::getAcknowledgement)
                .toList();
    }

    @Test
    void aSetLearningRateIsInTheRecordsFromTheNextIterationOnAndReplacesASchedule() {
        MultiLayerNetwork model = Models.sequential(DataType.FLOAT, true); // halves its rate every two iterations
        GradientTelemetry telemetry = attach(model, TrainingCommands.accepted());
        for (int i = 0; i < 8; i++) {
            if (i == 3) {
                inbox.add(rate("c", 0.125));
            }
            model.fit(images());
        }
        telemetry.close();
        assertThat(answers()).hasSize(1);
        assertThat(answers().get(0).getIteration()).isEqualTo(3);
        assertThat(iterations().subList(4, 8))
                .extracting(Iteration::getLearningRate)
                .containsOnly(0.125f);
        assertThat(iterations().get(3).getLearningRate()).isNotEqualTo(0.125f);
    }

    @Test
    void settingTheRateThatItHasChangesNoBitOfTheTraining() {
        ComputationGraph plain = Models.residual(DataType.FLOAT, true);
        ComputationGraph told = Models.residual(DataType.FLOAT, true);
        GradientTelemetry telemetry = attach(told, TrainingCommands.accepted());
        for (int i = 0; i < 6; i++) {
            if (i == 2) {
                inbox.add(rate("c", 0.01));
            }
            plain.fit(images());
            told.fit(images());
        }
        telemetry.close();
        assertThat(answers()).extracting(Acknowledgement::getOutcome).containsExactly(Acknowledgement.Outcome.APPLIED);
        assertThat(told.params()).isEqualTo(plain.params());
    }

    @Test
    void aPauseIsNoPartOfAnIterationsTime() throws InterruptedException {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry = attach(model, TrainingCommands.accepted());
        inbox.add(Command.newBuilder()
                .setCommandId("p")
                .setPause(Pause.getDefaultInstance())
                .build());
        Thread training = new Thread(() -> {
            model.fit(vectors());
            model.fit(vectors());
        });
        training.start();
        while (answers().isEmpty()) {
            Thread.sleep(5);
        }
        Thread.sleep(400);
        assertThat(iterations()).hasSize(1);
        inbox.add(Command.newBuilder()
                .setCommandId("r")
                .setResume(Resume.getDefaultInstance())
                .build());
        training.join();
        telemetry.close();
        assertThat(iterations()).hasSize(2);
        assertThat(iterations().get(1).getIterationMs()).isLessThan(350);
        assertThat(sink.log().stream().filter(Envelope::hasTrainerState)).hasSize(2);
    }

    @Test
    void theTrainingLoopMaySayWhenCommandsAreObeyed() {
        MultiLayerNetwork model = Models.dense();
        GradientTelemetry telemetry = attach(model, TrainingCommands.accepted().betweenSteps());
        telemetry.obeyCommands(); // before the first iteration there is nothing to say
        inbox.add(rate("c", 0.5));
        model.fit(vectors());
        model.fit(vectors());
        assertThat(inbox.isEmpty()).isFalse();
        telemetry.obeyCommands();
        telemetry.close();
        assertThat(answers()).hasSize(1);
        assertThat(answers().get(0).getIteration()).isEqualTo(1);
    }
}
