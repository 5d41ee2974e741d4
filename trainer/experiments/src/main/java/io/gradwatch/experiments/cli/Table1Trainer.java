package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.layers.NativeBackend;
import io.gradwatch.experiments.run.Provenance;
import io.gradwatch.experiments.run.RunDescription;
import io.gradwatch.experiments.run.RunNames;
import io.gradwatch.experiments.run.RunOutcome;
import io.gradwatch.experiments.run.RunResult;
import io.gradwatch.experiments.run.StopSignal;
import io.gradwatch.experiments.run.Trainings;
import io.gradwatch.experiments.table1.Figures;
import io.gradwatch.experiments.table1.Job;
import io.gradwatch.experiments.table1.RowTrainer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains the table's runs as {@code train} would: with telemetry, checkpoints and provenance. For one thread. */
final class Table1Trainer implements RowTrainer {
    private static final Logger LOG = LoggerFactory.getLogger(Table1Trainer.class);

    private final Trainings trainings;
    private final Table1Images images;
    private final NativeBackend backend;
    private final Table1Progress progress;
    private final StopSignal stop;

    Table1Trainer(
            Trainings trainings, Table1Images images, NativeBackend backend, Table1Progress progress, StopSignal stop) {
        this.trainings = trainings;
        this.images = images;
        this.backend = backend;
        this.progress = progress;
        this.stop = stop;
    }

    @Override
    public String newRunId(Job job) {
        return RunNames.newId(Instant.now(), "table1-" + job.row().name(), ThreadLocalRandom.current());
    }

    @Override
    public Ending train(Job job, String runId) {
        Optional<String> stopped = stop.requested();
        if (stopped.isPresent()) {
            return new Ending.Stopped(stopped.get());
        }
        try {
            RunDescription description = describe(job, runId, images.forSeed(job.seed()));
            RunOutcome outcome = trainings.startOrResume(description, progress, stop);
            return ending(outcome, job, description);
        } catch (IOException e) {
            LOG.error("{} could not be trained", job.title(), e);
            return new Ending.Failed(String.valueOf(e.getMessage()));
        }
    }

    private RunDescription describe(Job job, String runId, ImageData data) {
        return new RunDescription(
                runId,
                job.title(),
                List.of("table1"),
                job.settings(),
                data,
                Map.of("data", images.option(), "threads", Integer.toString(backend.threads())),
                Provenance.versions(backend));
    }

    private Ending ending(RunOutcome outcome, Job job, RunDescription description) {
        if (outcome instanceof RunOutcome.Finished finished) {
            return new Ending.Finished(
                    figures(finished.figures(), job),
                    description.configuration(),
                    description.versions(),
                    progress.millisPerIteration().orElse(0));
        }
        if (outcome instanceof RunOutcome.Failed failed) {
            LOG.error("{} failed", job.title(), failed.cause());
            return new Ending.Failed(failed.reason());
        }
        return new Ending.Stopped(outcome.reason());
    }

    private static Figures figures(RunResult result, Job job) {
        return new Figures(
                result.bestEpoch(),
                result.testAccuracy().orElse(Double.NaN),
                result.testLoss().orElse(Double.NaN),
                result.validationAccuracy().orElse(Double.NaN),
                result.validationLoss().orElse(Double.NaN),
                result.trainAccuracy().orElse(Double.NaN),
                result.trainLoss().orElse(Double.NaN),
                job.conditions().epochs(),
                job.iterations());
    }
}
