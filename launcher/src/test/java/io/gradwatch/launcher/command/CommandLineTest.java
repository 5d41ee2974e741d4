package io.gradwatch.launcher.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.launcher.fakes.FakeGradwatch;
import io.gradwatch.launcher.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input: one message that names the thing and what is accepted, and exit code 2, with nothing started. */
class CommandLineTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private Path data = Path.of("");

    @BeforeEach
    void nameDirectory() {
        data = folder.resolve("data");
        environment.put("GRADWATCH_HOME", data.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        up --port abc              | --port    | accepted is a whole number from 1 to 65535
        up --port 65536            | --port    | accepted is a whole number from 1 to 65535
        up --kafka nowhere         | --kafka   | accepted is HOST:PORT
        up --kafka-config none.cfg | none.cfg  | no such file
        up --host 203.0.113.7      | --host    | accepted is an address of this machine
        up --host no.such.invalid  | --host    | accepted is a name or an address
        demo --minutes 0           | --minutes | accepted is a number above 0
        demo --minutes NaN         | --minutes | accepted is a number above 0
        demo --batch 0             | --batch   | accepted is a whole number from 1
        demo --bogus               | --bogus   | Try 'gradwatch demo --help'
        train vgg08 --heap lots    | --heap    | accepted is a size such as 1g
        train vgg08 --backend gpu  | --backend | accepted are cpu and cuda
        demo --backend CUDA        | --backend | accepted are cpu and cuda
        runs                       | list      | Try 'gradwatch runs --help'
        runs show                  | ID        | Try 'gradwatch runs show --help'
        runs list --limit 0        | --limit   | accepted is a whole number from 1
        runs tag a                 | WORD      | Try 'gradwatch runs tag --help'
        runs tag a +               | "+"       | accepted is +WORD or -WORD
        runs label a --x           | "--x"     | accepted is +WORD or -WORD
        runs rename a              | NAME      | Try 'gradwatch runs rename --help'
        runs compare a             | ID        | Try 'gradwatch runs compare --help'
        runs tail a --lines 0      | --lines   | accepted is a whole number from 1
        alerts                     | backtest  | Try 'gradwatch alerts --help'
        alerts rules --bogus       | --bogus   | Try 'gradwatch alerts rules --help'
        up --rules none.yaml       | none.yaml | accepted is a file of rules
        alerts backtest none.yaml  | none.yaml | accepted is a text file in UTF-8 with rules
        alerts backtest a --peers  | --peers   | accepted is one of them
        access                     | add       | Try 'gradwatch access --help'
        access add ann --role god  | --role    | accepted is viewer, operator or admin
        doctor --port abc          | --port    | accepted is a whole number from 1 to 65535
        up --tls-cert none.pem     | none.pem  | accepted is a PEM file
        fly                        | fly       | Try 'gradwatch --help'
        """)
    void refuses(String line, String thing, String accepted) {
        assertThat(execute(line.split(" "))).isEqualTo(2);

        assertThat(errors()).startsWith("gradwatch: ").contains(thing).contains(accepted);
        assertThat(errors().lines().count()).isLessThanOrEqualTo(2);
        assertThat(data.resolve("kafka")).doesNotExist();
    }

    @Test
    void namesAPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(execute("up", "--port", port)).isEqualTo(2);

            assertThat(errors()).contains("Port " + port).contains("in use").contains("--port N");
            assertThat(data.resolve("instance.json")).doesNotExist();
        }
    }

    @Test
    void namesADirectoryOfAnotherVersion() throws Exception {
        Files.createDirectories(data);
        Files.writeString(data.resolve("VERSION"), "7");

        assertThat(execute("up", "--port", "0")).isEqualTo(2);
        assertThat(errors()).contains(data.toString()).contains("\"7\"").contains("accepted is 1");
    }

    @Test
    void saysHowToStartWhatDoesNotRun() {
        assertThat(execute("runs", "list")).isEqualTo(1);

        assertThat(errors()).contains(data.toString()).contains("./gradwatch up");
    }

    @Test
    void takesTheKafkaOfTheEnvironment() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            environment.put("GRADWATCH_KAFKA", "127.0.0.1:" + closed.getLocalPort());
        }

        for (String command : List.of("up", "demo", "train")) {
            assertThat(execute(command, "--port", "0")).as(command).isEqualTo(2);
            assertThat(errors()).contains(String.valueOf(environment.get("GRADWATCH_KAFKA")));
            assertThat(data.resolve("kafka")).as("no embedded broker").doesNotExist();
            err.reset();
        }
    }

    @Test
    void namesTheVariableThatIsNoAddress() {
        environment.put("GRADWATCH_KAFKA", "nowhere");

        assertThat(execute("up")).isEqualTo(2);

        assertThat(errors()).contains("GRADWATCH_KAFKA").contains("nowhere").contains("accepted is HOST:PORT");
    }

    @Test
    void namesTheBackendOfTheEnvironmentThatIsNone() {
        environment.put("GRADWATCH_BACKEND", "opencl");

        assertThat(execute("train", "vgg08")).isEqualTo(2);

        assertThat(errors()).contains("GRADWATCH_BACKEND is \"opencl\"; accepted are cpu and cuda");
    }

    private int execute(String... arguments) {
        Terminal terminal =
                new Terminal(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false, false);
        return GradwatchCommand.execute(new Context(new FakeGradwatch.Fakes(), terminal, environment), arguments);
    }

    private String errors() {
        return err.toString(UTF_8);
    }
}
