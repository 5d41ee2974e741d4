package io.gradwatch.telemetry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process, without a Kafka: how it starts, what it refuses, and how it ends. */
class TelemetryServiceTest {
    private static final String NO_KAFKA = "127.0.0.1:9";

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    /** Environment variables that the next process gets, too. */
    private final Map<String, String> more = new java.util.HashMap<>();

    @AfterEach
    void kill() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void servesWithoutKafkaAndEndsWhenItsInputEnds() throws Exception {
        Process service = start("--kafka", NO_KAFKA, "--data-dir", data(), "--port", "0");
        String ready = firstLine(service);
        assertThat(ready).startsWith("READY http://127.0.0.1:");
        String url = ready.substring("READY ".length());
        assertThat(get(url + "/healthz").statusCode()).isEqualTo(200);
        assertThat(get(url + "/readyz").statusCode()).isEqualTo(503);
        assertThat(get(url + "/api/v1/runs").body()).isEqualTo("{\"items\":[],\"next\":null}");

        // the same data directory a second time
        Process second = start("--kafka", NO_KAFKA, "--data-dir", data(), "--port", "0");
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(2);
        assertThat(errors(second))
                .contains("in use by another telemetry service")
                .contains("--data-dir");

        service.getOutputStream().close();
        assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).isZero();
        assertThat(directory.resolve("data/history/history.duckdb")).isNotEmptyFile();
        assertThat(directory.resolve("data/history/history.duckdb.wal")).doesNotExist();
        assertThat(directory.resolve("data/logs/telemetry.log")).isNotEmptyFile();
    }

    @Test
    void endsOnSigtermWithCodeZero() throws Exception {
        Process service = start("--kafka", NO_KAFKA, "--data-dir", data(), "--port", "0");
        assertThat(firstLine(service)).startsWith("READY");
        service.destroy();
        assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).isZero();
    }

    @Test
    void namesThePortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            refuses(List.of("port " + port, "--port"), "--kafka", NO_KAFKA, "--data-dir", data(), "--port", port);
        }
    }

    @Test
    void namesTheOptionThatIsWrong() throws Exception {
        refuses(List.of("--kafka is \"nowhere\"", "HOST:PORT"), "--kafka", "nowhere", "--data-dir", data());
        refuses(List.of("--kafka is missing"), "--data-dir", data());
        refuses(
                List.of("--kafka-config", "missing.properties"),
                "--kafka",
                NO_KAFKA,
                "--kafka-config",
                "missing.properties",
                "--data-dir",
                data());
        Files.writeString(directory.resolve("file"), "x");
        refuses(
                List.of("cannot write", "--data-dir"),
                "--kafka",
                NO_KAFKA,
                "--data-dir",
                directory.resolve("file").toString());
    }

    @Test
    void aMalformedRuleFileLeavesTheOldRulesInForceAndSaysSo() throws Exception {
        Path rules = directory.resolve("data/rules.yaml");
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(rules, "rules:\n  - {name: high, metric: loss, when: above 5}\n");
        Process service = start("--kafka", NO_KAFKA, "--data-dir", data(), "--port", "0");
        String url = firstLine(service).substring("READY ".length());
        assertThat(get(url + "/api/v1/rules").body()).contains("\"rule\":\"high\"");

        Files.writeString(rules, "rules:\n  - name: high\n    metric: loss\n    when: abov 5\n");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(get(url + "/api/v1/rules").body())
                        .contains("\"state\":\"malformed\"")
                        .contains("\"line\":4,\"column\":11")
                        .contains("\"rule\":\"high\""));
        assertThat(Files.readString(directory.resolve("data/logs/telemetry.log")))
                .contains("is not used; the rules in force stay")
                .contains("rules.yaml:4:11: when is \"abov 5\"");

        Files.writeString(rules, "rules:\n  - {name: higher, metric: loss, when: above 5}\n");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(get(url + "/api/v1/rules").body())
                        .contains("\"state\":\"valid\"")
                        .contains("\"rule\":\"higher\"")
                        .doesNotContain("\"rule\":\"high\""));
        service.getOutputStream().close();
        assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
        refuses(
                List.of("--rules is", "accepted is a file of rules"),
                "--kafka",
                NO_KAFKA,
                "--data-dir",
                data(),
                "--rules",
                directory.resolve("missing.yaml").toString());
    }

    @Test
    void doesNotListenBeyondThisMachineWhileNobodyHasAToken() throws Exception {
        refuses(
                List.of("--host is 0.0.0.0", "./gradwatch access add NAME --role admin"),
                "--kafka",
                NO_KAFKA,
                "--data-dir",
                data(),
                "--port",
                "0",
                "--host",
                "0.0.0.0");
        assertThat(AccessTool.run(List.of(data(), "add", "ada", "admin"))).isZero();
        Process service = start("--kafka", NO_KAFKA, "--data-dir", data(), "--port", "0", "--host", "0.0.0.0");
        String url = firstLine(service).substring("READY ".length());
        assertThat(url).startsWith("http://0.0.0.0:");
        assertThat(get(url + "/healthz").statusCode()).isEqualTo(200);
        assertThat(get(url + "/api/v1/runs").statusCode()).isEqualTo(401);
    }

    @Test
    void isReachedFromThisMachineAloneUnlessAskedOtherwise() throws Exception {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && address instanceof Inet4Address)
                .toList();
        assumeThat(others).as("addresses that are not loopback").isNotEmpty();
        Process service = start("--kafka", NO_KAFKA, "--data-dir", data(), "--port", "0");
        int port = URI.create(firstLine(service).substring("READY ".length())).getPort();
        for (InetAddress other : others) {
            assertThatThrownBy(() -> new Socket(other, port).close())
                    .as(other.toString())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void servesEncryptedWithPemFilesAndNamesThoseThatAreNone() throws Exception {
        TestCertificate certificate = TestCertificate.in(directory);
        Process service = start(
                "--kafka",
                NO_KAFKA,
                "--data-dir",
                data(),
                "--port",
                "0",
                "--tls-cert",
                certificate.certificate().toString(),
                "--tls-key",
                certificate.key().toString());
        String url = firstLine(service).substring("READY ".length());
        assertThat(url).startsWith("https://127.0.0.1:");
        HttpResponse<String> answer = HttpClient.newBuilder()
                .sslContext(certificate.trusting())
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create(url + "/api/v1/runs")).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> get(url + "/healthz"))
                .as("a certificate that nobody vouches for")
                .isNotNull();
        service.getOutputStream().close();
        assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();

        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "no certificate\n");
        refuses(
                List.of("--tls-cert " + nonsense, "accepted are PEM files"),
                "--kafka",
                NO_KAFKA,
                "--data-dir",
                data(),
                "--port",
                "0",
                "--tls-cert",
                nonsense.toString(),
                "--tls-key",
                nonsense.toString());
        refuses(
                List.of("--tls-key is missing"),
                "--kafka",
                NO_KAFKA,
                "--data-dir",
                data(),
                "--tls-cert",
                nonsense.toString());
    }

    @Test
    void exportsItsMetricsByOtlpWhenTheStandardVariablesSaySo() throws Exception {
        BlockingQueue<ExportMetricsServiceRequest> received = new LinkedBlockingQueue<>();
        List<String> keys = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/v1/metrics", request -> {
            keys.add(request.getRequestHeaders().getFirst("api-key"));
            received.add(ExportMetricsServiceRequest.parseFrom(request.getRequestBody()));
            request.sendResponseHeaders(200, -1);
            request.close();
        });
        receiver.start();
        try {
            more.put(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "http://127.0.0.1:" + receiver.getAddress().getPort());
            more.put("OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret");
            more.put("OTEL_METRIC_EXPORT_INTERVAL", "500");
            more.put("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test");
            Process service = start("--kafka", NO_KAFKA, "--data-dir", data(), "--port", "0");
            assertThat(firstLine(service)).startsWith("READY");
            ExportMetricsServiceRequest request = received.poll(30, TimeUnit.SECONDS);
            assertThat(request).isNotNull();
            assertThat(request.getResourceMetrics(0).getResource().getAttributesList())
                    .extracting(attribute ->
                            attribute.getKey() + "=" + attribute.getValue().getStringValue())
                    .contains("service.name=gradwatch", "deployment.environment.name=test");
            Map<String, Metric> metrics = request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
                    .collect(Collectors.toMap(Metric::getName, metric -> metric));
            assertThat(metrics).containsKeys("jvm.memory.used", "gradwatch.frame.latency");
            Metric bytes = requireNonNull(metrics.get("gradwatch.history.bytes"));
            assertThat(bytes.getGauge().getDataPoints(0).getAsDouble())
                    .as("read for the export")
                    .isPositive();
            Metric records = requireNonNull(metrics.get("gradwatch.ingest.records"));
            assertThat(records.getSum().getIsMonotonic()).isTrue();
            assertThat(keys).startsWith("secret");

            service.getOutputStream().close();
            assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(service.exitValue()).isZero();
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void endsInTimeAlthoughTheReceiverOfItsMetricsDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            more.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + silent.getLocalPort());
            Process service = start("--kafka", NO_KAFKA, "--data-dir", data(), "--port", "0");
            assertThat(firstLine(service)).startsWith("READY");
            service.getOutputStream().close();
            assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(service.exitValue()).as(errors(service)).isZero();
            assertThat(directory.resolve("data/history/history.duckdb.wal")).doesNotExist();
        }
    }

    @Test
    void namesTheVariableOfOpenTelemetryThatIsWrong() throws Exception {
        more.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
        more.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        refuses(
                List.of("OTEL_EXPORTER_OTLP_PROTOCOL is \"grpc\"", "http/protobuf"),
                "--kafka",
                NO_KAFKA,
                "--data-dir",
                data());
        more.put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        more.put("OTEL_METRIC_EXPORT_INTERVAL", "often");
        refuses(List.of("OTEL_… variables", "often"), "--kafka", NO_KAFKA, "--data-dir", data());
    }

    private void refuses(List<String> said, String... arguments) throws Exception {
        Process service = start(arguments);
        assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String errors = errors(service);
        assertThat(service.exitValue()).as(errors).isEqualTo(2);
        assertThat(errors).contains(said).doesNotContain("\tat ");
    }

    private Process start(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TelemetryService.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("GRADWATCH_CHILD", "1");
        environment.remove("GRADWATCH_KAFKA");
        environment.keySet().removeIf(name -> name.startsWith("OTEL_"));
        environment.putAll(more);
        builder.redirectError(Files.createTempFile(directory, "errors", ".txt").toFile());
        builder.redirectOutput(ProcessBuilder.Redirect.PIPE);
        Process process = builder.start();
        processes.add(process);
        errorFiles.put(process.pid(), builder.redirectError().file().toPath());
        return process;
    }

    private final Map<Long, Path> errorFiles = new java.util.HashMap<>();

    private String errors(Process process) throws Exception {
        Path file = errorFiles.get(process.pid());
        return file == null ? "" : Files.readString(file);
    }

    private static String firstLine(Process process) throws Exception {
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line;
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String data() {
        return directory.resolve("data").toString();
    }
}
