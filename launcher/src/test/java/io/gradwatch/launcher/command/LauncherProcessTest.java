package io.gradwatch.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.launcher.fakes.FakeGradwatch;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a process of its own, with the real broker and stand-ins for the service and the trainers. */
class LauncherProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<Process> launchers = new ArrayList<>();
    private final List<ProcessHandle> children = new ArrayList<>();

    @AfterEach
    void leaveNothing() {
        launchers.forEach(Process::destroyForcibly);
        await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void upBringsBackWhatIsKilledAndEndsCleanlyOnCtrlC() throws Exception {
        Process up = launch("up.txt", "up", "--port", "0");
        awaitText("up.txt", "Ctrl-C ends it.");
        JsonNode instance = instance();
        String url = instance.path("url").asText();
        assertThat(text("up.txt")).contains("Dashboard     " + url).contains(data().toString());
        assertThat(get(url + "/api/v1/runs")).contains("vgg38");

        assertThat(run("list.txt", "runs", "list")).isZero();
        assertThat(Files.readAllLines(folder.resolve("list.txt")))
                .hasSize(3)
                .anyMatch(line -> line.contains("first"))
                .anyMatch(line -> line.contains("second"));
        assertThat(run("show.txt", "runs", "show", "20261123-160512-vgg38-4f2a"))
                .isZero();
        assertThat(run("tag.txt", "runs", "tag", "20261123-160512-vgg38-4f2a", "+paper", "-healthy", "x"))
                .isZero();
        assertThat(text("tag.txt")).contains("4f2a: tags addTags paper x removeTags healthy");
        assertThat(run("compare.txt", "runs", "compare", "a", "b")).isZero();
        assertThat(text("compare.txt")).contains("lr    0.1       -").contains("3 values are equal");
        assertThat(run("backtest.txt", "alerts", "backtest", "--runs", "label:healthy", "--peers"))
                .isZero();
        assertThat(text("backtest.txt"))
                .contains("of {\"query\":\"label:healthy\",\"transitions\":false,\"rules\":\"peers\"}");
        assertThat(run("query.txt", "runs", "list", "lr<")).isEqualTo(2);
        assertThat(text("query.txt")).contains("there is no value").contains("  lr<\n     ^");
        assertThat(run("tail.txt", "runs", "tail", "20261123-160512-vgg38-4f2a", "--lines", "1"))
                .isZero();
        assertThat(text("tail.txt")).contains("running  iteration 412").contains("loss 4.605");
        assertThat(run("unknown.txt", "runs", "show", "x")).isEqualTo(2);
        assertThat(text("unknown.txt")).contains("there is no run");

        assertThat(run("second.txt", "up", "--port", "0")).isEqualTo(2);
        assertThat(text("second.txt")).contains("process " + up.pid()).contains(url);

        for (ProcessHandle child : rememberChildren(up)) {
            child.destroyForcibly();
        }
        awaitText("up.txt", "broker        back after");
        awaitText("up.txt", "service       back after");
        assertThat(text("up.txt")).contains("was killed (SIGKILL)");
        assertThat(instance().path("url").asText()).isEqualTo(url);
        assertThat(instance().path("kafka")).isEqualTo(instance.path("kafka"));
        assertThat(get(url + "/api/v1/runs")).contains("vgg38");

        rememberChildren(up);
        signal("INT", up);
        assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(up.exitValue()).isZero();
        assertNoneLeft();
        assertThat(data().resolve("instance.json")).doesNotExist();
        assertThat(Files.readString(data().resolve("logs/service.log"))).contains("stopped cleanly");
    }

    @Test
    void theKilledLauncherLeavesNoProcessAndANewOneStartsAtOnce() throws Exception {
        Process up = launch("first.txt", "up", "--port", "0");
        awaitText("first.txt", "Ctrl-C ends it.");
        JsonNode before = instance();
        assertThat(rememberChildren(up)).hasSize(2);

        up.destroyForcibly().waitFor();
        Process next = launch("next.txt", "up", "--port", "0");
        awaitText("next.txt", "Ctrl-C ends it.");

        assertNoneLeft();
        assertThat(instance().path("kafka")).isEqualTo(before.path("kafka"));
        rememberChildren(next);
        signal("TERM", next);
        assertThat(next.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(next.exitValue()).isZero();
        assertNoneLeft();
    }

    @Test
    void theDemoTrainsTwoNetworksSideBySideForItsTime() throws Exception {
        int code = run("demo.txt", "demo", "--no-open", "--port", "0", "--minutes", "0.02", "--exit-when-done");

        assertThat(code).isZero();
        assertThat(text("demo.txt"))
                .contains("Images        generated images")
                .contains("/#/compare/20261123-160512-vgg38-4f2a,20261123-160512-vgg38-bn-resnet-4f2a");
        assertThat(data().resolve("logs/vgg38.flushed")).hasContent("stopped");
        assertThat(data().resolve("logs/vgg38-bn-resnet.flushed")).hasContent("stopped");
        assertThat(data().resolve("instance.json")).doesNotExist();
    }

    @Test
    void ctrlCInTheDemoLetsTheTrainersFlush() throws Exception {
        Process demo = launch("demo.txt", "demo", "--no-open", "--port", "0");
        awaitText("demo.txt", "Ctrl-C ends it.");
        assertThat(rememberChildren(demo)).hasSize(4);

        signal("INT", demo);
        children.forEach(child -> signal("INT", child.pid())); // a terminal sends it to all
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(demo.exitValue()).isZero();
        assertNoneLeft();
        assertThat(data().resolve("logs/vgg38.flushed")).hasContent("stopped");
        assertThat(data().resolve("logs/vgg38-bn-resnet.flushed")).hasContent("stopped");
    }

    @Test
    void trainBringsItsOwnDashboardOrUsesTheOneThatRuns() throws Exception {
        Process own = launch("own.txt", "train", "vgg08", "--port", "0");
        awaitText("own.txt", "Dashboard     http://127.0.0.1:");
        assertThat(rememberChildren(own)).hasSize(3);
        signal("INT", own);
        assertThat(own.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(own.exitValue()).isZero();
        assertThat(text("own.txt")).contains("vgg08 stopped");
        assertNoneLeft();
        assertThat(data().resolve("instance.json")).doesNotExist();

        Process up = launch("up.txt", "up", "--port", "0");
        awaitText("up.txt", "Ctrl-C ends it.");
        rememberChildren(up);
        String kafka = instance().path("kafka").asText();
        assertThat(run("joined.txt", "train", "vgg08", "--iterations", "1")).isZero();
        assertThat(text("joined.txt")).contains(instance().path("url").asText()).contains("publishes to " + kafka);

        assertThat(run("wrong.txt", "train", "alexnet")).isEqualTo(2);
        assertThat(text("wrong.txt")).contains("Unknown preset \"alexnet\"");
        assertThat(run("elsewhere.txt", "train", "vgg08", "--kafka", kafka, "--iterations", "1"))
                .isZero();
        assertThat(text("elsewhere.txt")).contains("publishes to " + kafka).doesNotContain("Dashboard");
        assertThat(run("none.txt", "train", "vgg08", "--kafka", "none", "--iterations", "1"))
                .isZero();
        assertThat(text("none.txt")).contains("publishes to none");
        signal("INT", up);
        assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertNoneLeft();
    }

    @Test
    void anUnknownPresetEndsWhatWasStartedForIt() throws Exception {
        assertThat(run("wrong.txt", "train", "alexnet", "--port", "0")).isEqualTo(2);

        assertThat(text("wrong.txt").strip()).isEqualTo("Unknown preset \"alexnet\"; accepted are vgg08 and vgg38");
        assertThat(data().resolve("instance.json")).doesNotExist();
    }

    @Test
    void passesOtherCommandsToTheTrainer() throws Exception {
        assertThat(run("presets.txt", "presets")).isZero();
        assertThat(text("presets.txt")).isEqualTo("vgg08  vgg38\n");
        assertThat(run("data.txt", "data", "cifar-100", "--check")).isZero();
        assertThat(text("data.txt")).isEqualTo("data cifar-100 --check\n");
        assertThat(run("help.txt", "train", "--help")).isZero();
        assertThat(text("help.txt")).startsWith("Usage: gradwatch train\n").contains("--heap");
        assertThat(run("report.txt", "table1", "--report")).isZero();
        assertThat(text("report.txt")).isEqualTo("table1 --report --data-dir " + data() + "\n");
        assertThat(run("plan.txt", "table1", "--rows", "vgg08", "--dry-run")).isZero();
        assertThat(text("plan.txt")).startsWith("table1 --rows vgg08 --dry-run --data-dir ");
        assertThat(run("table.txt", "table1", "--kafka", "none")).isZero();
        assertThat(text("table.txt")).endsWith("--kafka none\n");
        assertThat(data().resolve("kafka")).doesNotExist();
    }

    private Path data() {
        return folder.resolve("the data");
    }

    private Process launch(String output, String... arguments) throws IOException {
        // where the build itself ignores Ctrl-C (nohup, a script's background), its children would too
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FakeGradwatch.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(output).toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().put("GRADWATCH_HOME", data().toString());
        Process launcher = builder.start();
        launchers.add(launcher);
        return launcher;
    }

    private int run(String output, String... arguments) throws Exception {
        Process launcher = launch(output, arguments);
        assertThat(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return launcher.exitValue();
    }

    private List<ProcessHandle> rememberChildren(Process launcher) {
        List<ProcessHandle> now = launcher.descendants().toList();
        children.addAll(now);
        return now;
    }

    private void assertNoneLeft() {
        // a process that has ended counts as alive until its parent, here the system's first process, has noticed
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    }

    private static void signal(String name, Process process) {
        signal(name, process.pid());
    }

    private static void signal(String name, long pid) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .start()
                    .waitFor();
            assertThat(code).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitText(String output, String part) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text(output)).contains(part));
    }

    private String text(String output) throws IOException {
        return Files.readString(folder.resolve(output));
    }

    private JsonNode instance() throws IOException {
        return new ObjectMapper().readTree(data().resolve("instance.json").toFile());
    }

    private static String get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
