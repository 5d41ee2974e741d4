package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.launcher.broker.EmbeddedBroker;
import io.gradwatch.launcher.process.Supervised;
import io.gradwatch.launcher.session.Installation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three services of one group over a real broker: they share the runs, and are killed and restarted while records come. */
class ScaleOutIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int RUNS = 8;
    private static final int LAYERS = 12;

    @TempDir
    Path home;

    private EmbeddedBroker broker;
    private final List<Instance> instances = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(
                home.resolve("kafka"),
                home.resolve("broker.log"),
                home.resolve("cache"),
                Installation.embeddedBroker(),
                new Supervised.Events() {
                    @Override
                    public void died(int exitCode, Duration untilRestart) {}

                    @Override
                    public void recovered(Duration outage) {}
                });
        broker.process().ready().get(60, TimeUnit.SECONDS);
        // others take over after 6 s instead of 20
        Path config = Files.writeString(home.resolve("kafka.properties"), "session.timeout.ms=6000\n");
        for (String name : List.of("one", "two", "three")) {
            instances.add(new Instance(home, name, broker.bootstrap(), config));
        }
        await().atMost(LONG).ignoreExceptions().until(() -> owned().size() == Topic.DEFAULT_PARTITIONS);
        instances.forEach(ScaleOutIT::awaitReady);
    }

    @AfterEach
    void stop() throws Exception {
        for (Instance instance : instances) {
            instance.close();
        }
        broker.stop(Duration.ofSeconds(5));
    }

    private static void awaitReady(Instance instance) {
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> instance.api().get("/api/v1/runs").statusCode() == 200);
    }

    /** By partition: the address of whoever says that it owns it. A partition that two own is an error. */
    private Map<Integer, String> owned() throws Exception {
        Map<Integer, String> owners = new HashMap<>();
        for (Instance instance : instances) {
            JsonNode group = instance.api().json("/api/v1/status").get("group");
            for (JsonNode partition : group.get("owned")) {
                assertThat(owners.put(partition.asInt(), instance.url()))
                        .as("owner of " + partition)
                        .isNull();
            }
        }
        return owners;
    }

    @Test
    void anyInstanceAnswersForAnyRunAndAKilledOneIsTakenOverAndComesBack() throws Exception {
        Load load = new Load(200);
        load.send(0, 100);
        load.send(100, 200);
        for (Instance instance : instances) {
            awaitComplete(instance, 200);
        }
        await("all three have a share")
                .atMost(LONG)
                .ignoreExceptions()
                .until(() -> Set.copyOf(owned().values()).size() == 3);
        everyAnswerIsTheSame();
        List<String> followed = follow(instances.get(0));
        assertThat(followed).containsExactlyInAnyOrderElementsOf(runs());

        Instance victim = instances.get(1);
        victim.kill();
        HttpResponse<String> refusal = refused(instances.get(0), victim);
        assertThat(refusal.body()).contains("does not answer").contains("within 6 s");
        assertThat(refusal.headers().firstValue("Retry-After")).isPresent();
        load.send(200, 260);
        for (Instance instance : List.of(instances.get(0), instances.get(2))) {
            awaitComplete(instance, 260);
        }

        victim.start();
        awaitReady(victim);
        await().atMost(LONG).ignoreExceptions().until(() -> owned().containsValue(victim.url()));
        for (Instance instance : instances) {
            awaitComplete(instance, 260);
        }
        everyAnswerIsTheSame();
        alertsAreOnTheTopicOnce();
    }

    @Test
    void aRollingRestartUnderLoadLosesNothing() throws Exception {
        Load load = new Load(1_200);
        AtomicBoolean failed = new AtomicBoolean();
        Thread sending = new Thread(() -> {
            try {
                for (int i = 0; i < 1_200; i += 10) {
                    load.send(i, i + 10);
                    Thread.sleep(250);
                }
            } catch (Exception e) {
                failed.set(true);
            }
        });
        sending.start();
        for (Instance instance : instances) {
            instance.restart();
            awaitReady(instance);
        }
        sending.join();
        assertThat(failed).isFalse();
        for (Instance instance : instances) {
            awaitComplete(instance, 1_200);
        }
        // a partition that is just moving is nobody's for a moment
        await().atMost(LONG).ignoreExceptions().until(() -> owned().size() == Topic.DEFAULT_PARTITIONS);
        everyAnswerIsTheSame();
        alertsAreOnTheTopicOnce();
    }

    private static List<String> runs() {
        return IntStream.range(0, RUNS).mapToObj(n -> "run-" + n).toList();
    }

    /** History of every run, asked of this instance, is what the log has: each iteration once, in order. */
    private static void awaitComplete(Instance instance, int iterations) {
        List<Long> all = LongStream.range(0, iterations).boxed().toList();
        for (String run : runs()) {
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> instance.api()
                                    .json("/api/v1/runs/" + run)
                                    .get("iteration")
                                    .asInt()
                            == iterations - 1);
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(BrokerContractIT.exported(instance.api(), run))
                            .isEqualTo(all));
        }
    }

    private void everyAnswerIsTheSame() {
        List<String> paths = new ArrayList<>(List.of(
                "/api/v1/runs",
                "/api/v1/runs?sort=-loss,name&limit=3",
                "/api/v1/runs?q=name:run*&limit=5",
                "/api/v1/alerts",
                "/api/v1/alerts?limit=2",
                "/api/v1/runs/compare?runs=" + String.join(",", runs()),
                "/api/v1/runs/overview?runs=" + String.join(",", runs()),
                "/api/v1/series?metric=loss&buckets=5&runs=" + String.join(",", runs()),
                "/api/v1/runs/no-such-run"));
        for (String run : runs()) {
            for (String rest : List.of(
                    "",
                    "/layers",
                    "/alerts",
                    "/series?metric=loss&buckets=7",
                    "/heatmap?metric=gradient.mean_abs&columns=9")) {
                paths.add("/api/v1/runs/" + run + rest);
            }
        }
        for (String path : paths) {
            // what is silent or not may change between two answers
            await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
                Set<String> answers = new HashSet<>();
                for (Instance instance : instances) {
                    HttpResponse<String> answer = instance.api().get(path);
                    answers.add(answer.statusCode() + " " + answer.body());
                }
                assertThat(answers).as(path).hasSize(1);
                assertThat(answers.iterator().next()).startsWith(path.endsWith("no-such-run") ? "404" : "200");
            });
        }
    }

    /** Which of the runs the live stream of one instance tells of. */
    private static List<String> follow(Instance instance) throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create(instance.url().replace("http", "ws") + "/api/v1/live"), new WebSocket.Listener() {
                            private final List<byte[]> parts = new ArrayList<>();

                            @Override
                            public @Nullable CompletionStage<?> onText(
                                    WebSocket from, CharSequence data, boolean last) {
                                from.request(1);
                                return null;
                            }

                            @Override
                            public @Nullable CompletionStage<?> onBinary(
                                    WebSocket from, ByteBuffer data, boolean last) {
                                byte[] bytes = new byte[data.remaining()];
                                data.get(bytes);
                                parts.add(bytes);
                                if (last) {
                                    int size = parts.stream()
                                            .mapToInt(part -> part.length)
                                            .sum();
                                    ByteBuffer frame =
                                            ByteBuffer.allocate(size).order(java.nio.ByteOrder.LITTLE_ENDIAN);
                                    parts.forEach(frame::put);
                                    parts.clear();
                                    String run = complete(frame.array());
                                    if (!run.isEmpty()) {
                                        seen.add(run);
                                    }
                                }
                                from.request(1);
                                return null;
                            }
                        })
                .get(20, TimeUnit.SECONDS);
        for (String run : runs()) {
            socket.sendText("{\"subscribe\":\"" + run + "\",\"backfill\":5}", true)
                    .get(10, TimeUnit.SECONDS);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> seen.size() == RUNS);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        return seen;
    }

    /** The run whose newest iterations a frame brings; empty for another frame. */
    private static String complete(byte[] frame) {
        try {
            int length = ByteBuffer.wrap(frame)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .getInt(4);
            JsonNode head = JSON.readTree(frame, 8, length);
            return head.get("points").asInt() == 5 && head.get("type").asText().equals("points")
                    ? head.get("run").asText()
                    : "";
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The answer about a run of a service that has just gone. */
    private static HttpResponse<String> refused(Instance asked, Instance gone) throws Exception {
        JsonNode members = asked.api().json("/api/v1/status").at("/group/members");
        assertThat(members.toString()).contains(gone.url());
        for (String run : runs()) {
            HttpResponse<String> answer = asked.api().get("/api/v1/runs/" + run);
            if (answer.statusCode() == 503) {
                return answer;
            }
        }
        throw new AssertionError("every run was answered though one service is dead");
    }

    private void alertsAreOnTheTopicOnce() throws Exception {
        Set<String> told = new HashSet<>();
        for (JsonNode alert :
                instances.get(0).api().json("/api/v1/alerts?limit=500").get("items")) {
            alert.get("transitions")
                    .forEach(t -> told.add(
                            alert.get("id").asText() + "#" + t.get("transition").asInt()));
        }
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            List<String> published = Log.read(broker.bootstrap(), Topic.ALERTS).stream()
                    .map(e -> e.getAlert().getAlertId() + "#" + e.getAlert().getTransition())
                    .collect(Collectors.toList());
            assertThat(published).doesNotHaveDuplicates();
            assertThat(new HashSet<>(published)).containsAll(told);
        });
        assertThat(told).isNotEmpty();
    }

    /** Runs in which every second one has a gradient that vanishes. */
    private final class Load {
        Load(int planned) throws Exception {
            try (KafkaProducer<byte[], byte[]> producer = producer()) {
                for (int n = 0; n < RUNS; n++) {
                    RunStarted.Builder started = RunStarted.newBuilder()
                            .setName("run " + n)
                            .setClasses(100)
                            .setPlannedIterations(planned)
                            .setStartedAtMs(System.currentTimeMillis() + n);
                    for (int layer = 0; layer < LAYERS; layer++) {
                        started.addLayersBuilder()
                                .setIndex(layer)
                                .setName("layer " + layer)
                                .setMainPath(true);
                    }
                    send(producer, Topic.RUNS, "run-" + n, Envelope.newBuilder().setRunStarted(started));
                }
            }
        }

        void send(int from, int to) throws Exception {
            try (KafkaProducer<byte[], byte[]> producer = producer()) {
                for (int i = from; i < to; i++) {
                    for (int n = 0; n < RUNS; n++) {
                        send(
                                producer,
                                Topic.ITERATIONS,
                                "run-" + n,
                                Envelope.newBuilder().setIteration(iteration(i, n % 2 == 0)));
                    }
                }
            }
        }

        private static Iteration iteration(int i, boolean vanishes) {
            LayerStatistics.Builder layers = LayerStatistics.newBuilder();
            for (int layer = 0; layer < LAYERS; layer++) {
                float mean = vanishes ? (float) Math.pow(10, layer - 14) : 0.01f;
                layers.addMeanAbs(mean)
                        .addL2(mean * 10)
                        .addMaxAbs(mean * 3)
                        .addZeroFraction(0)
                        .addParameterL2(5);
            }
            return Iteration.newBuilder()
                    .setIteration(i)
                    .setEpoch(i / 100)
                    .setBatchSize(32)
                    .setLoss(4.6f / (1 + 0.01f * i))
                    .setLearningRate(0.01f)
                    .setLayers(layers)
                    .build();
        }

        private KafkaProducer<byte[], byte[]> producer() {
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", broker.bootstrap(), "acks", "all", "linger.ms", 5);
            return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        }

        private static void send(
                KafkaProducer<byte[], byte[]> producer, Topic topic, String run, Envelope.Builder record) {
            Envelope envelope = record.setSchemaVersion(WireFormat.SCHEMA_VERSION)
                    .setRunId(run)
                    .setAttempt(1)
                    .setProducedAtMs(System.currentTimeMillis())
                    .build();
            var unused = producer.send(
                    new ProducerRecord<>(topic.topicName(), WireFormat.key(run), WireFormat.encode(envelope)));
        }
    }
}
