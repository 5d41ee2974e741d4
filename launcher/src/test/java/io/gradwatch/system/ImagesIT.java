package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;

/** The images of service and trainer, built from this tree, with a broker in a container: what docker-compose.yml starts. */
class ImagesIT {
    private static final int ITERATIONS = 600;
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Pattern TOKEN = Pattern.compile("TOKEN (\\S+)");

    @SuppressWarnings("NullAway.Init") // before each
    private Network network;

    @SuppressWarnings("NullAway.Init")
    private KafkaContainer kafka;

    @SuppressWarnings("NullAway.Init")
    private GenericContainer<?> service;

    @SuppressWarnings("NullAway.Init")
    private GenericContainer<?> trainer;

    @BeforeEach
    void start() throws Exception {
        Docker.assumeKafkaAndBuilds();
        network = Network.newNetwork();
        kafka = Docker.kafka(network);
        service = Docker.of("telemetry", network)
                .withExposedPorts(8080)
                .waitingFor(Wait.forHealthcheck().withStartupTimeout(PATIENCE));
        trainer = Docker.of("trainer", network)
                .withEnv("GRADWATCH_RESUME", "last")
                .withCommand("train", "vgg08", "--data", "synthetic", "--batch", "8", "--iterations", "" + ITERATIONS);
        kafka.start();
        service.start();
    }

    @AfterEach
    void stop() {
        if (network != null) {
            trainer.close();
            service.close();
            kafka.close();
            network.close();
        }
    }

    private String token() {
        Matcher token = TOKEN.matcher(service.getLogs());
        assertThat(token.find()).as(service.getLogs()).isTrue();
        return token.group(1);
    }

    private Api api(String token) {
        return new Api(Docker.url(service), token);
    }

    @Test
    void nobodyGetsInWithoutTheTokenOfTheFirstStartAndNobodyIsRoot() throws Exception {
        assertThat(new Api(Docker.url(service)).get("/api/v1/runs").statusCode())
                .isEqualTo(401);
        assertThat(api("gw_no").get("/api/v1/runs").statusCode()).isEqualTo(401);
        String token = token();
        assertThat(api(token).get("/api/v1/runs").statusCode()).isEqualTo(200);

        assertThat(service.execInContainer("id", "-u").getStdout()).isEqualTo("10001\n");
        assertThat(service.execInContainer("touch", "/opt/gradwatch/x").getStderr())
                .contains("Read-only file system");
        assertThat(service.execInContainer("find", "/data", "-not", "-user", "10001")
                        .getStdout())
                .isEmpty();

        String other = service.execInContainer("access", "add", "ann", "viewer")
                .getStdout()
                .strip();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> api(other).get("/api/v1/runs").statusCode() == 200);

        // started again, the old token holds, and no other is made
        Docker.stop(service);
        Docker.start(service);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> api(token).get("/api/v1/runs").statusCode() == 200);
        assertThat(TOKEN.matcher(service.getLogs()).results()).hasSize(1);
    }

    @Test
    void aTrainingIsOneRunWithoutAHoleAfterItsContainerWasStoppedAndTheServiceKilled() throws Exception {
        String token = token();
        trainer.start();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> BrokerContractIT.iteration(api(token), "vgg08") > 40);
        Docker.stop(trainer);
        assertThat(exitCode(trainer)).as(trainer.getLogs()).isZero();
        Docker.kill(service);
        Docker.start(trainer); // publishes while nobody reads
        Docker.start(service);
        await().atMost(PATIENCE.multipliedBy(2))
                .ignoreExceptions()
                .until(() -> BrokerContractIT.iteration(api(token), "vgg08") == ITERATIONS - 1);
        await().atMost(PATIENCE)
                .until(() -> !Boolean.TRUE.equals(Docker.now(trainer).getState().getRunning()));

        assertThat(exitCode(trainer)).as(trainer.getLogs()).isZero();
        Api api = api(token);
        String run = BrokerContractIT.newest(api, "vgg08");
        assertThat(api.runs()).hasSize(1);
        assertThat(api.json("/api/v1/runs/" + run).get("attempt").asInt()).isEqualTo(2);
        assertThat(BrokerContractIT.exported(api, run)).isEqualTo(BrokerContractIT.upTo(ITERATIONS));
    }

    private static long exitCode(GenericContainer<?> container) {
        return Objects.requireNonNull(Docker.now(container).getState().getExitCodeLong());
    }
}
