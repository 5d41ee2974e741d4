package io.gradwatch.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.launcher.fakes.FakeGradwatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    @TempDir
    Path folder;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void endsWhenItsInputEnds() throws Exception {
        ChildProcess child = start("until-end-of-input");

        child.stop(Duration.ofSeconds(20));

        assertThat(child.exit().join()).isZero();
    }

    @Test
    void isKilledWhenItListensToNothing() throws Exception {
        ChildProcess child = start("deaf");
        await().until(() -> lines.contains("deaf now"));

        child.stop(Duration.ofMillis(100));

        assertThat(child.exit().join()).isEqualTo(137);
    }

    @Test
    void logsBothOutputsAndRemembersTheErrors() throws Exception {
        ChildProcess child = start("exit", "3");

        assertThat(child.exit().join()).isEqualTo(3);
        child.awaitOutput();

        assertThat(child.lastErrors()).containsExactly("the reason");
        assertThat(lines).containsExactly("child is up");
        assertThat(Files.readAllLines(log())).containsExactlyInAnyOrder("child is up", "the reason");
    }

    @Test
    void knowsThatItIsAChildAndItsVariables() throws Exception {
        ChildProcess child = ChildProcess.start(
                program("environment", "COLOUR").withEnvironment(Map.of("COLOUR", "blue")), output());

        child.exit().join();
        child.awaitOutput();

        assertThat(lines).contains("1 blue");
    }

    @Test
    void movesALargeLogAside() throws Exception {
        Files.createDirectories(log().getParent());
        Files.write(log(), new byte[(10 << 20) + 1]);

        ChildProcess child = start("exit", "0");
        child.exit().join();
        child.awaitOutput();

        assertThat(Files.size(log())).isLessThan(100);
        assertThat(Files.size(log().resolveSibling("child.log.1"))).isEqualTo((10 << 20) + 1);
    }

    private ChildProcess start(String... arguments) throws Exception {
        return ChildProcess.start(program(arguments), output());
    }

    private Output output() {
        return new Output.Logged(log(), lines::add);
    }

    private Path log() {
        return folder.resolve("logs/child.log");
    }

    static JavaProgram program(String... arguments) {
        return JavaProgram.of("io.gradwatch.launcher.fakes.FakeChild", FakeGradwatch.classPath())
                .withJvmArguments(List.of("-Xmx32m", "-XX:TieredStopAtLevel=1"))
                .withArguments(List.of(arguments));
    }
}
