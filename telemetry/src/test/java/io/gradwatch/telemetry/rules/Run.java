package io.gradwatch.telemetry.rules;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.TrainerState;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import io.gradwatch.telemetry.stream.TrainerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** A run that is fed to the rules record by record, as from the log. */
final class Run {
    static final String ID = "20261123-160512-vgg38-4f2a";

    final List<Alert> transitions = new ArrayList<>();
    RunState state = RunState.EMPTY;
    int attempt = 1;
    long iteration;
    long seq = 10;

    private final RuleEngine engine;
    private final RunStarted started;

    Run(RuleEngine engine, RunStarted started) {
        this.engine = engine;
        this.started = started;
    }

    static Run standard() {
        return new Run(RuleEngine.standard(), RunStarted.getDefaultInstance());
    }

    /** With the two vanishing rules alone. */
    static Run vanishing() {
        return new Run(
                new RuleEngine(List.of(VanishFloor.STANDARD, VanishDepth.STANDARD)), RunStarted.getDefaultInstance());
    }

    /** Feeds iterations, from the run's next one on. */
    Run feed(int iterations, LongFunction<float[]> gradients) {
        for (int i = 0; i < iterations; i++) {
            evaluate(next(gradients.apply(iteration)));
        }
        return this;
    }

    Run feed(int iterations, float[] gradients) {
        return feed(iterations, it -> gradients);
    }

    /** Feeds whole iterations; their number is set here. */
    Run iterations(int iterations, LongFunction<Iteration.Builder> make) {
        for (int i = 0; i < iterations; i++) {
            evaluate(record(make.apply(iteration)));
        }
        return this;
    }

    /** Feeds an epoch that has ended. */
    void epoch(Epoch epoch) {
        take(engine.evaluate(
                new RunDescription(ID, attempt, started), new EpochRecord(ID, attempt, 2, 0, now(), epoch), state));
    }

    /** Feeds a word on the trainer. */
    void trainer(TrainerState state) {
        take(engine.evaluate(
                new RunDescription(ID, attempt, started), new TrainerRecord(ID, attempt, 1, 7, now(), state), state()));
    }

    private RunState state() {
        return state;
    }

    private long now() {
        return 1_795_449_912_345L + 100 * iteration;
    }

    IterationRecord next(float[] gradients) {
        LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        for (float g : gradients) {
            layers.addMeanAbs(g);
        }
        return record(Iteration.newBuilder().setLayers(layers));
    }

    private IterationRecord record(Iteration.Builder values) {
        seq += 3;
        return new IterationRecord(
                ID, attempt, 2, seq, now(), values.setIteration(iteration++).build());
    }

    void evaluate(IterationRecord record) {
        take(engine.evaluate(new RunDescription(ID, attempt, started), record, state));
    }

    private void take(Verdict verdict) {
        state = verdict.state();
        transitions.addAll(verdict.transitions());
    }

    List<Alert> of(String rule) {
        return transitions.stream().filter(a -> a.getRule().equals(rule)).toList();
    }

    List<Alert> firing() {
        return transitions.stream()
                .filter(a -> a.getState() == Alert.State.FIRING)
                .toList();
    }

    /** "vanish-floor FIRING CRITICAL 19", … */
    List<String> story(String rule) {
        return of(rule).stream()
                .map(a -> a.getState() + " " + a.getSeverity() + " " + a.getLastIteration())
                .toList();
    }

    /** The layers of VGG38 as a trainer announces them. */
    static RunStarted vgg38() {
        RunStarted.Builder run = RunStarted.newBuilder().setName("vgg38").setPreset("vgg38");
        layer(run, "entry.conv");
        for (int stage = 1; stage <= 3; stage++) {
            for (int block = 1; block <= 5; block++) {
                layer(run, "stage" + stage + ".block" + block + ".conv1");
                layer(run, "stage" + stage + ".block" + block + ".conv2");
            }
            layer(run, "stage" + stage + ".reduction.conv1");
            layer(run, "stage" + stage + ".reduction.conv2");
        }
        layer(run, "head.dense");
        return run.build();
    }

    private static void layer(RunStarted.Builder run, String name) {
        run.addLayers(
                Layer.newBuilder().setIndex(run.getLayersCount()).setName(name).setMainPath(true));
    }

    /** The same gradient in every layer. */
    static float[] flat(int layers, double gradient) {
        float[] values = new float[layers];
        java.util.Arrays.fill(values, (float) gradient);
        return values;
    }
}
