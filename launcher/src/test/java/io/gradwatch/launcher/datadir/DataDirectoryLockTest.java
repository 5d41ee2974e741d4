package io.gradwatch.launcher.datadir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gradwatch.launcher.fakes.FakeGradwatch;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.terminal.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryLockTest {
    @TempDir
    Path folder;

    private DataDirectory directory = new DataDirectory(Path.of(""));

    @BeforeEach
    void prepare() {
        directory = new DataDirectory(folder.resolve("data"));
        directory.prepare();
    }

    /** Holds the directory until its input ends. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            DataDirectoryLock lock = DataDirectoryLock.take(new DataDirectory(Path.of(arguments[0])));
            lock.publish("127.0.0.1:29092", null, "http://127.0.0.1:8080", "/etc/cert.pem", List.of());
            System.out.println("locked");
            while (System.in.read() >= 0) {
                // wait
            }
            lock.close();
        }
    }

    @Test
    void namesTheProcessAndTheAddressThatUseTheDirectory() throws Exception {
        ChildProcess holder = startHolder();
        try {
            assertThatThrownBy(() -> DataDirectoryLock.take(directory))
                    .isInstanceOfSatisfying(
                            Problem.class, p -> assertThat(p.exitCode()).isEqualTo(2))
                    .hasMessageContaining(directory.root().toString())
                    .hasMessageContaining("process " + holder.pid())
                    .hasMessageContaining("http://127.0.0.1:8080")
                    .hasMessageContaining("--data-dir");
            assertThat(DataDirectoryLock.running(directory)).hasValueSatisfying(instance -> {
                assertThat(instance.pid()).isEqualTo(holder.pid());
                assertThat(instance.kafka()).isEqualTo("127.0.0.1:29092");
            });
        } finally {
            holder.stop(Duration.ofSeconds(10));
        }
        assertThat(DataDirectoryLock.running(directory)).isEmpty();
        DataDirectoryLock.take(directory).close();
    }

    @Test
    void ignoresWhatAKilledProcessLeft() throws Exception {
        ChildProcess holder = startHolder();
        holder.kill();
        holder.exit().join();
        assertThat(directory.instanceFile()).exists();

        assertThat(DataDirectoryLock.running(directory)).isEmpty();
        DataDirectoryLock.take(directory).close();

        assertThat(directory.instanceFile()).doesNotExist();
    }

    @Test
    void aLaterProcessWithTheSameNumberIsNotTheInstance() throws Exception {
        InstanceFile.write(
                directory.instanceFile(),
                new Instance(
                        ProcessHandle.current().pid(),
                        Instant.parse("2020-01-01T00:00:00Z"),
                        "127.0.0.1:1",
                        null,
                        "http://127.0.0.1:8080",
                        null,
                        List.of()));

        assertThat(DataDirectoryLock.running(directory)).isEmpty();
    }

    @Test
    void waitsForTheChildrenOfAKilledLauncher() throws Exception {
        ChildProcess orphan = ChildProcess.start(
                JavaProgram.of("io.gradwatch.launcher.fakes.FakeChild", FakeGradwatch.classPath())
                        .withArguments(List.of("until-end-of-input")),
                new Output.Logged(folder.resolve("orphan.log"), line -> {}));
        InstanceFile.write(
                directory.instanceFile(),
                new Instance(
                        999_999_999L,
                        Instant.now().minusSeconds(60),
                        "127.0.0.1:1",
                        null,
                        "http://127.0.0.1:8080",
                        null,
                        List.of(orphan.pid())));
        Thread ending = new Thread(() -> {
            await().pollDelay(Duration.ofMillis(700)).until(() -> true);
            orphan.askToStop();
        });
        ending.start();

        try (DataDirectoryLock lock = DataDirectoryLock.take(directory)) {
            assertThat(lock).isNotNull();
            assertThat(orphan.isAlive()).isFalse();
        } finally {
            orphan.kill();
            ending.join();
        }
    }

    @Test
    void aDamagedInstanceFileIsNone() throws Exception {
        Files.writeString(directory.instanceFile(), "{\"pid\":12");

        assertThat(DataDirectoryLock.running(directory)).isEmpty();
    }

    private ChildProcess startHolder() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        ChildProcess holder = ChildProcess.start(
                JavaProgram.of(Holder.class.getName(), FakeGradwatch.classPath())
                        .withJvmArguments(List.of("-Xmx64m"))
                        .withArguments(List.of(directory.root().toString())),
                new Output.Logged(folder.resolve("holder.log"), lines::add));
        await().atMost(Duration.ofSeconds(30)).until(() -> lines.contains("locked"));
        return holder;
    }
}
