package io.gradwatch.listener;

import io.gradwatch.contract.RunIds;
import io.gradwatch.contract.v1.Dataset;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.listener.command.CommandInbox;
import io.gradwatch.listener.command.CommandReader;
import io.gradwatch.listener.command.TrainingCommands;
import io.gradwatch.listener.network.ActivationSites;
import io.gradwatch.listener.network.NetworkLayout;
import io.gradwatch.listener.network.TrainedModel;
import io.gradwatch.listener.publish.ProducerSettings;
import io.gradwatch.listener.publish.Publisher;
import io.gradwatch.listener.statistics.ActivationReader;
import io.gradwatch.listener.statistics.BatchAccuracy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/**
 * Everything about a run that may be said before it starts. All of it is optional: what is not said is taken from the
 * model, or left empty. Not safe for more than one thread; one builder starts one run.
 */
public final class TelemetryBuilder {
    /** Iterations that may wait for Kafka where nothing else is said. */
    public static final int DEFAULT_QUEUE_CAPACITY = 8192;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Map<String, Object> kafka = new LinkedHashMap<>();
    private final RunStarted.Builder run = RunStarted.newBuilder();
    private final Clock clock = Clock.systemUTC();
    private @Nullable String runId;
    private @Nullable Long seed;
    private int attempt = 1;
    private int queueCapacity = DEFAULT_QUEUE_CAPACITY;
    private Duration closeTimeout = Duration.ofSeconds(10);
    private @Nullable Function<String, LayerRole> roles;
    private Function<String, @Nullable IActivation> fused = step -> null;
    private int histogramsEvery;
    private int activationsEvery;
    private int curvatureEvery;
    private int shatteringEvery;
    private boolean resources = true;
    private @Nullable TrainingCommands commands;

    TelemetryBuilder(String bootstrapServers) {
        kafka.put("bootstrap.servers", bootstrapServers);
    }

    /** A property of Kafka's producer by its name, over the default; for TLS and SASL for example. */
    public TelemetryBuilder kafka(String property, Object value) {
        kafka.put(property, value);
        return this;
    }

    /** Properties of Kafka's producer by their names, over the defaults. */
    public TelemetryBuilder kafka(Map<String, ?> properties) {
        kafka.putAll(properties);
        return this;
    }

    /**
     * The run's id. Where none is given, one is made of the name, the time and a random number.
     *
     * @throws IllegalArgumentException when it is not {@value RunIds#FORM}
     */
    public TelemetryBuilder runId(String runId) {
        if (!RunIds.isValid(runId)) {
            throw new IllegalArgumentException("run id \"" + runId + "\"; accepted are " + RunIds.FORM);
        }
        this.runId = runId;
        return this;
    }

    /** 1 for the first start of a run (the default), 2 after its first resume, and so on. */
    public TelemetryBuilder attempt(int attempt) {
        this.attempt = positive("attempt", attempt);
        return this;
    }

    /** A name for people. */
    public TelemetryBuilder name(String name) {
        run.setName(name);
        return this;
    }

    /** Name of the network and its hyper-parameters. */
    public TelemetryBuilder preset(String preset) {
        run.setPreset(preset);
        return this;
    }

    /** The seed; by default the model configuration's. */
    public TelemetryBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** Examples in a full batch. */
    public TelemetryBuilder batchSize(int batchSize) {
        run.setBatchSize(positive("batch size", batchSize));
        return this;
    }

    /** The plan of the whole run: epochs, iterations in each, iterations altogether; 0 for what is not known. */
    public TelemetryBuilder planned(int epochs, int iterationsPerEpoch, long iterations) {
        if (epochs < 0 || iterationsPerEpoch < 0 || iterations < 0) {
            throw new IllegalArgumentException(
                    "planned(" + epochs + ", " + iterationsPerEpoch + ", " + iterations + "); accepted is 0 or more");
        }
        run.setPlannedEpochs(epochs).setIterationsPerEpoch(iterationsPerEpoch).setPlannedIterations(iterations);
        return this;
    }

    /** The data that the model is trained on. */
    public TelemetryBuilder dataset(Dataset dataset) {
        run.setDataset(dataset);
        return this;
    }

    /** Hyper-parameters by name; adds to what was said before. */
    public TelemetryBuilder configuration(Map<String, String> configuration) {
        run.putAllConfiguration(configuration);
        return this;
    }

    /** Versions by name, over those that the listener finds itself; adds to what was said before. */
    public TelemetryBuilder versions(Map<String, String> versions) {
        run.putAllVersions(versions);
        return this;
    }

    /** Words to find the run by; adds to what was said before. */
    public TelemetryBuilder tags(Collection<String> tags) {
        run.addAllTags(tags);
        return this;
    }

    /**
     * What each weight layer is for, by its name. Where this is not said, the layers on the path with the most weight
     * layers from an input to an output are the main path, all others projections, and the blocks are empty: right for
     * plain networks and for residual ones, whose blocks have more weight layers than their skips.
     */
    public TelemetryBuilder layers(Function<String, LayerRole> roles) {
        this.roles = roles;
        return this;
    }

    /**
     * The activation functions that steps of the network apply although their Deeplearning4j configuration does not say
     * so: layers of your own that do more than one thing. For {@link #activationsEvery}; stock layers need nothing.
     *
     * @param functions by a step's name; null for a step that does what its configuration says
     */
    public TelemetryBuilder fusedActivations(Function<String, @Nullable IActivation> functions) {
        this.fused = functions;
        return this;
    }

    /** Publishes histograms of |g| and of the absolute weights of every layer, every n iterations; 0 (default): never. */
    public TelemetryBuilder histogramsEvery(int iterations) {
        this.histogramsEvery = every("histograms", iterations);
        return this;
    }

    /** Publishes statistics of every layer's activations, every n iterations; 0 (default): never. */
    public TelemetryBuilder activationsEvery(int iterations) {
        this.activationsEvery = every("activations", iterations);
        return this;
    }

    /**
     * Lets {@link GradientTelemetry#beforeStep} measure how the loss bends along the gradient, every n iterations; 0
     * (default): never. Takes as long as about three iterations, in which training stands still.
     */
    public TelemetryBuilder curvatureEvery(int iterations) {
        this.curvatureEvery = every("curvature", iterations);
        return this;
    }

    /**
     * Lets {@link GradientTelemetry#beforeStep} measure how far the gradients of the batch's two halves agree, every n
     * iterations; 0 (default): never. Takes as long as about one iteration, in which training stands still.
     */
    public TelemetryBuilder shatteringEvery(int iterations) {
        this.shatteringEvery = every("shattering", iterations);
        return this;
    }

    /** Whether the process's use of processors, memory and GPU is published, about once a second; it is by default. */
    public TelemetryBuilder resources(boolean published) {
        this.resources = published;
        return this;
    }

    /**
     * Lets the run obey commands: pause, resume, stop, checkpoint now, another learning rate. They come over Kafka, are read by
     * a thread of their own, obeyed on the training thread at the end of an iteration, and answered. Without this the run
     * obeys nobody, and reads nothing from Kafka.
     *
     * @param accepted which ones, and how; {@link TrainingCommands#accepted()} to begin with
     */
    public TelemetryBuilder commands(TrainingCommands accepted) {
        this.commands = accepted;
        return this;
    }

    /** Iterations that may wait for Kafka, at least 1; {@value #DEFAULT_QUEUE_CAPACITY} by default, 64 MiB at most. */
    public TelemetryBuilder queueCapacity(int iterations) {
        this.queueCapacity = positive("queue capacity", iterations);
        return this;
    }

    /** How long {@link GradientTelemetry#close()} may take; 10 seconds by default. */
    public TelemetryBuilder closeTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("close timeout " + timeout + "; accepted is zero or more");
        }
        this.closeTimeout = timeout;
        return this;
    }

    /**
     * Starts the run and adds the listener to the model, beside those that it has.
     *
     * @throws IllegalArgumentException see {@link #start}
     */
    public GradientTelemetry attach(Model model) {
        GradientTelemetry telemetry = start(model);
        model.addListeners(telemetry);
        return telemetry;
    }

    /**
     * Starts the run: describes it to Kafka, in the background. Returns at once, whether or not Kafka can be reached. The
     * caller adds the listener to the model.
     *
     * @param model an initialised ComputationGraph or MultiLayerNetwork
     * @throws IllegalArgumentException when the model is another or not initialised, or Kafka's client does not accept
     *     the properties
     */
    public GradientTelemetry start(Model model) {
        Map<String, Object> properties = ProducerSettings.over(kafka);
        return start(
                model,
                started -> Publisher.toKafka(properties, started, queueCapacity),
                (inbox, started) -> CommandReader.start(
                        kafka,
                        inbox,
                        started.getRunId(),
                        attempt,
                        started.getRunStarted().getStartedAtMs()));
    }

    GradientTelemetry start(Model model, Function<Envelope, Publisher> publishers) {
        return start(model, publishers, (inbox, started) -> () -> {});
    }

    /** @param reader starts to read the commands of the run whose start is given, into an inbox */
    GradientTelemetry start(
            Model model,
            Function<Envelope, Publisher> publishers,
            BiFunction<CommandInbox, Envelope, AutoCloseable> reader) {
        TrainedModel trained = TrainedModel.of(model);
        NetworkLayout layout = NetworkLayout.of(trained);
        BatchAccuracy accuracy = new BatchAccuracy(trained.output());
        Instant now = clock.instant();
        RunStarted.Builder started = run.clone();
        RunDescription.layers(started, layout, roles);
        RunDescription.versions().forEach((name, version) -> {
            if (!run.containsVersions(name)) {
                started.putVersions(name, version);
            }
        });
        if (started.getName().isEmpty()) {
            started.setName(started.getPreset().isEmpty() ? "run" : started.getPreset());
        }
        started.setSeed(seed == null ? RunDescription.seed(model) : seed)
                .setClasses(accuracy.classes())
                .setStartedAtMs(now.toEpochMilli())
                .setHost(RunDescription.host());
        String id = runId == null ? makeId(started.getName(), now) : runId;
        Records records = new Records(id, attempt, started.build(), clock);
        Publisher publisher = publishers.apply(records.started());
        Sampling sampling = new Sampling(histogramsEvery, activationsEvery, curvatureEvery, shatteringEvery, resources);
        ActivationReader activations =
                activationsEvery == 0 ? null : new ActivationReader(ActivationSites.of(trained, layout, fused));
        ModelLearningRate learningRate = new ModelLearningRate(trained);
        TrainingCommands obeyed = commands;
        CommandLink link = obeyed == null
                ? null
                : CommandLink.open(
                        obeyed, learningRate, records, publisher, inbox -> reader.apply(inbox, records.started()));
        return new GradientTelemetry(
                trained, layout, accuracy, activations, sampling, records, publisher, learningRate, link, closeTimeout);
    }

    private static String makeId(String name, Instant now) {
        String stem =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        if (stem.length() > 60) {
            stem = stem.substring(0, 60);
        }
        int random = ThreadLocalRandom.current().nextInt(0x10000);
        return (stem.isEmpty() ? "run" : stem) + "-" + STAMP.format(now) + "-" + String.format("%04x", random);
    }

    private static int every(String what, int iterations) {
        if (iterations < 0) {
            throw new IllegalArgumentException(
                    what + " every " + iterations + " iterations; accepted is 1 or more, or 0 for never");
        }
        return iterations;
    }

    private static int positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " " + value + "; accepted is 1 or more");
        }
        return value;
    }
}
