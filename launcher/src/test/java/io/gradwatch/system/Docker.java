package io.gradwatch.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Containers of a Docker engine; tests that want one are skipped, and say why, where none answers. */
final class Docker {
    /** As the Dockerfile has it; a JRE is enough to build the images too, because their jars are built already. */
    private static final String JRE = "eclipse-temurin:17-jre";

    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "run from the module");
    private static final int STOP_SECONDS = 60;

    private Docker() {}

    /** Skips the test where no engine answers, or an image is neither there nor can be had. */
    static void assumeKafka() throws Exception {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "skipped: no Docker engine answers here");
        assumeImage(kafkaImage());
    }

    /** The same for tests of the images that are built from this tree. */
    static void assumeKafkaAndBuilds() throws Exception {
        assumeKafka();
        assumeTrue(hasCommand(), "skipped: there is no docker command to build the images with");
        assumeImage(JRE);
    }

    private static void assumeImage(String image) throws InterruptedException {
        var client = DockerClientFactory.lazyClient();
        try {
            client.inspectImageCmd(image).exec();
        } catch (NotFoundException absent) {
            try {
                client.pullImageCmd(image).start().awaitCompletion(5, TimeUnit.MINUTES);
                client.inspectImageCmd(image).exec();
            } catch (DockerException e) {
                assumeTrue(false, "skipped: there is no image " + image + " here, and it cannot be pulled: " + e);
            }
        }
    }

    /** The broker that docker-compose.yml names. */
    private static String kafkaImage() throws IOException {
        Matcher image = Pattern.compile("image: (apache/kafka:\\S+)")
                .matcher(Files.readString(ROOT.resolve("docker-compose.yml")));
        if (!image.find()) {
            throw new AssertionError("docker-compose.yml names no apache/kafka");
        }
        return image.group(1);
    }

    /** A broker; on the network it is kafka:19092. As in docker-compose.yml nobody but the service makes topics. */
    static KafkaContainer kafka(Network network) throws IOException {
        return new KafkaContainer(DockerImageName.parse(kafkaImage()))
                .withNetwork(network)
                .withListener("kafka:19092")
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
    }

    /**
     * Builds an image from this tree; gives its name. By the command that people use, because Testcontainers' own builder takes
     * the stages of a Dockerfile for images to pull.
     */
    private static String build(String target) throws IOException, InterruptedException {
        String name = "gradwatch/" + target + "-test";
        Process build = new ProcessBuilder(
                        "docker",
                        "build",
                        "--quiet",
                        "--target",
                        target,
                        "--tag",
                        name,
                        "--build-arg",
                        "BUILD_IMAGE=" + JRE,
                        "--build-arg",
                        "RUN_IMAGE=" + JRE,
                        ROOT.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (build.waitFor() != 0) {
            throw new AssertionError("docker build --target " + target + " has failed:\n" + output);
        }
        return name;
    }

    private static boolean hasCommand() throws InterruptedException {
        try {
            return new ProcessBuilder("docker", "version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** A container of an image that is built from this tree, with no more rights than docker-compose.yml gives. */
    static GenericContainer<?> of(String target, Network network) throws IOException, InterruptedException {
        return new GenericContainer<>(DockerImageName.parse(build(target)))
                .withNetwork(network)
                .withEnv("GRADWATCH_KAFKA", "kafka:19092")
                .withTmpFs(Map.of("/tmp", ""))
                .withCreateContainerCmdModifier(create -> {
                    HostConfig host = Objects.requireNonNull(create.getHostConfig());
                    host.withReadonlyRootfs(true).withCapDrop(Capability.ALL);
                });
    }

    /** What {@code docker stop} does: SIGTERM, and time to end. */
    static void stop(GenericContainer<?> container) {
        container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_SECONDS)
                .exec();
    }

    static void start(GenericContainer<?> container) {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
    }

    /** What {@code docker kill} does. */
    static void kill(GenericContainer<?> container) {
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    static void pause(GenericContainer<?> container) {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    static void unpause(GenericContainer<?> container) {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    /** State now: a container that was started again has other ports, which Testcontainers does not know. */
    static InspectContainerResponse now(GenericContainer<?> container) {
        return container
                .getDockerClient()
                .inspectContainerCmd(container.getContainerId())
                .exec();
    }

    /** Address of the service in the container. */
    static String url(GenericContainer<?> service) {
        Ports.Binding[] bindings = now(service).getNetworkSettings().getPorts().getBindings().entrySet().stream()
                .filter(port -> port.getKey().getPort() == 8080)
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        return "http://" + service.getHost() + ":" + bindings[0].getHostPortSpec();
    }
}
