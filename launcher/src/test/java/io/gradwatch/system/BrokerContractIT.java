package io.gradwatch.system;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;

/** What Gradwatch relies on of a broker, held against a Kafka that is not the embedded one. */
class BrokerContractIT {
    private static final int ITERATIONS = 400;

    @SuppressWarnings("NullAway.Init") // before all
    private static Network network;

    @SuppressWarnings("NullAway.Init")
    private static KafkaContainer kafka;

    @TempDir
    Path home;

    @BeforeAll
    static void start() throws Exception {
        Docker.assumeKafka();
        network = Network.newNetwork();
        kafka = Docker.kafka(network);
        kafka.start();
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.close();
            network.close();
        }
    }

    private Gradwatch up() throws Exception {
        return Gradwatch.start(home, "up", "--port", "0", "--kafka", kafka.getBootstrapServers());
    }

    @Test
    void theServiceMakesTheTopicsWithTheirSettings() throws Exception {
        try (Gradwatch up = up();
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.getBootstrapServers()))) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> api.get("/readyz").statusCode() == 200);
            var described = admin.describeTopics(names()).allTopicNames().get();
            for (Topic topic : Topic.values()) {
                assertThat(requireNonNull(described.get(topic.topicName())).partitions())
                        .hasSize(Topic.DEFAULT_PARTITIONS);
                var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
                var config = requireNonNull(
                        admin.describeConfigs(List.of(resource)).all().get().get(resource));
                topic.configuration()
                        .forEach((name, value) -> assertThat(config.get(name).value())
                                .as(topic.topicName() + " " + name)
                                .isEqualTo(value));
            }
        }
    }

    @Test
    void aRunOfAnyProducerIsInHistoryAsItIsInTheLog() throws Exception {
        try (Gradwatch up = up()) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> api.get("/readyz").statusCode() == 200);
            SmallRun.publish(kafka.getBootstrapServers(), "contract-run");
            SmallRun.awaitFinished(api, "contract-run");
            assertThat(Log.iterations(kafka.getBootstrapServers(), "contract-run"))
                    .isEqualTo(upTo(SmallRun.ITERATIONS));
            assertThat(exported(api, "contract-run")).isEqualTo(upTo(SmallRun.ITERATIONS));
        }
    }

    @Test
    void aTrainingGoesOnWhileTheBrokerHangsAndNothingIsMissingOrDoubleAfterwards() throws Exception {
        try (Gradwatch up = up()) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            try (Gradwatch training = Gradwatch.start(
                    home, "train", "vgg08", "--data", "synthetic", "--batch", "8", "--iterations", "" + ITERATIONS)) {
                await().atMost(Duration.ofSeconds(120)).ignoreExceptions().until(() -> iteration(api, "vgg08") > 20);
                Docker.pause(kafka);
                try {
                    Thread.sleep(4_000); // the broker's answer is what hangs; the trainer has no sign to wait for
                } finally {
                    Docker.unpause(kafka);
                }
                assertThat(training.awaitExit(Duration.ofSeconds(300)))
                        .as(training.output())
                        .isZero();
            }
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> iteration(api, "vgg08") == ITERATIONS - 1);
            String run = newest(api, "vgg08");
            assertThat(Log.iterations(kafka.getBootstrapServers(), run)).isEqualTo(upTo(ITERATIONS));
            assertThat(exported(api, run)).isEqualTo(upTo(ITERATIONS));
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            names.add(topic.topicName());
        }
        return names;
    }

    static List<Long> upTo(int iterations) {
        return LongStream.range(0, iterations).boxed().toList();
    }

    /** Id of the newest run of this name. */
    static String newest(Api api, String name) throws Exception {
        for (var run : api.runs()) {
            if (run.get("name").asText().equals(name)) {
                return run.get("id").asText();
            }
        }
        throw new AssertionError("no run called " + name);
    }

    static long iteration(Api api, String name) throws Exception {
        return api.json("/api/v1/runs/" + newest(api, name)).get("iteration").asLong(-1);
    }

    /** The iterations that history has. */
    static List<Long> exported(Api api, String runId) throws Exception {
        String csv = api.get("/api/v1/runs/" + runId + "/export?table=iterations&format=csv")
                .body();
        String[] lines = csv.split("\n");
        int column = List.of(lines[0].trim().split(",")).indexOf("iteration");
        List<Long> iterations = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            iterations.add(Long.parseLong(lines[i].split(",")[column]));
        }
        return iterations;
    }
}
