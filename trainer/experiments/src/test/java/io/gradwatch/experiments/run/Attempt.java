package io.gradwatch.experiments.run;

import io.gradwatch.experiments.run.SmallRuns.Recorder;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;

/** Watches one attempt of a run, and asks it to stop after a number of steps. */
final class Attempt implements RunTelemetry.Factory {
    final Recorder recorder = new Recorder();
    final StopSignal stop = new StopSignal();
    float[] parameters = {};
    float[] updaterState = {};
    long firstIteration = -1;
    int attempt;
    RunOutcome outcome = new RunOutcome.Stopped("not begun");

    Attempt(int stopAfter) {
        recorder.afterEachStep = () -> {
            if (recorder.losses.size() == stopAfter) {
                stop.request("enough");
            }
        };
    }

    @Override
    public RunTelemetry start(RunDescription description, ComputationGraph network, int number) {
        attempt = number;
        firstIteration = network.getIterationCount();
        return new RunTelemetry() {
            @Override
            public Optional<TrainingListener> listener() {
                return Optional.empty();
            }

            @Override
            public void epochEnded(EpochSummary summary) {}

            @Override
            public String ended(RunOutcome outcome) {
                parameters = network.params().data().asFloat();
                updaterState = network.getUpdater().getStateViewArray().data().asFloat();
                return "watched";
            }

            @Override
            public long dropped() {
                return 0;
            }
        };
    }
}
