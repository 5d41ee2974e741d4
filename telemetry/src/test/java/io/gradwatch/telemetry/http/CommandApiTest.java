package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /runs/{id}/commands} and {@code /runs/{id}/twin}. */
class CommandApiTest {
    private static final String COMMANDS = "/api/v1/runs/a/commands";

    @TempDir
    Path directory;

    private final List<Command> sent = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private ApiServer server;

    @SuppressWarnings("NullAway.Init")
    private HistoryFixture fixture;

    @BeforeEach
    void start() throws Exception {
        server = new ApiServer(directory, "launcher-1");
        fixture = new HistoryFixture(server.history);
        RunStarted started = HistoryFixture.started("vgg38", 1, 0).toBuilder()
                .setPreset("vgg38")
                .putConfiguration("preset", "vgg38")
                .putConfiguration("bn", "none")
                .putConfiguration("skip", "none")
                .putConfiguration("lr", "0.001")
                .build();
        fixture.start("a", 2, started);
        fixture.start("done", 1, HistoryFixture.started("done", 1, 0));
        fixture.end("done", 1, HistoryFixture.started("done", 1, 0));
        fixture.commit();
        server.commands = (runId, attempt, command) -> {
            assertThat(runId).isEqualTo("a");
            assertThat(attempt).isEqualTo(2);
            sent.add(command);
            return CompletableFuture.completedFuture(null);
        };
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return server.post(path, body, "application/json");
    }

    private JsonObject posted(String body) throws Exception {
        HttpResponse<String> response = post(COMMANDS, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return new JsonObject(response.body());
    }

    @Test
    void sendsACommandAndSaysThatItWasSent() throws Exception {
        long before = System.currentTimeMillis();
        JsonObject answer = posted("{\"action\":\"learning_rate\",\"learningRate\":0.005,\"timeoutSeconds\":7,"
                + "\"issuedBy\":\"ada\",\"reason\":\"a try\"}");
        assertThat(sent).hasSize(1);
        Command command = sent.get(0);
        assertThat(command.getSetLearningRate().getLearningRate()).isEqualTo(0.005);
        assertThat(command.getIssuedBy()).isEqualTo("ada");
        assertThat(command.getReason()).isEqualTo("a try");
        assertThat(command.getExpiresAtMs()).isBetween(before + 7_000, System.currentTimeMillis() + 7_000);
        assertThat(answer.getString("id")).isEqualTo(command.getCommandId());
        assertThat(answer.getString("state")).isEqualTo("sent");
        assertThat(answer.getString("action")).isEqualTo("learning_rate");
        assertThat(answer.getDouble("learningRate")).isEqualTo(0.005);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | action | action is missing",
                "{'action':'explode'} | action | accepted is one of pause, resume, stop, checkpoint, learning_rate",
                "{'action':'pause','learningRate':1} | learningRate | accepted is none with the action pause",
                "{'action':'learning_rate'} | learningRate | accepted is either learningRate or factor",
                "{'action':'learning_rate','factor':1,'learningRate':1} | learningRate | both given",
                "{'action':'learning_rate','learningRate':0} | learningRate | accepted is a number above 0",
                "{'action':'learning_rate','factor':'x'} | factor | accepted is a number above 0",
                "{'action':'pause','timeoutSeconds':0} | timeoutSeconds | a whole number from 1 to 3600",
                "{'action':'pause','timeoutSeconds':2.5} | timeoutSeconds | a whole number from 1 to 3600",
                "{'action':'pause','idempotencyKey':'a b'} | idempotencyKey | 1 to 64 letters",
                "{'action':'pause','reason':''} | reason | a text of 1 to 500 characters",
                "{'action':'pause','colour':'red'} | colour | there is no field",
                "[1] | | the body is no JSON object"
            })
    void namesTheFieldThatIsWrong(String body, String field, String message) throws Exception {
        HttpResponse<String> response = post(COMMANDS, body.replace('\'', '"'));
        JsonObject problem = new JsonObject(response.body());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem.getString("parameter")).isEqualTo(field);
        assertThat(problem.getString("detail")).contains(message);
        assertThat(sent).isEmpty();
    }

    @Test
    void refusesRunsThatHaveEndedOrDoNotExistAndOtherMediaTypes() throws Exception {
        HttpResponse<String> ended = post("/api/v1/runs/done/commands", "{\"action\":\"pause\"}");
        assertThat(ended.statusCode()).isEqualTo(409);
        assertThat(ended.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(ended.body()).contains("has ended (finished)");
        assertThat(post("/api/v1/runs/nosuch/commands", "{\"action\":\"pause\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.post(COMMANDS, "{}", "text/plain").statusCode()).isEqualTo(415);
        assertThat(server.get("/api/v1/runs/nosuch/commands").statusCode()).isEqualTo(404);
        assertThat(server.send("DELETE", COMMANDS).headers().firstValue("Allow"))
                .hasValue("GET, POST");
    }

    @Test
    void saysWhenKafkaDoesNotTakeIt() throws Exception {
        server.commands = (runId, attempt, command) -> CompletableFuture.failedFuture(new IllegalStateException());
        assertThat(post(COMMANDS, "{\"action\":\"pause\",\"idempotencyKey\":\"k\"}")
                        .statusCode())
                .isEqualTo(503);
        server.commands = (runId, attempt, command) -> CompletableFuture.completedFuture(null);
        assertThat(posted("{\"action\":\"pause\",\"idempotencyKey\":\"k\"}").getString("state"))
                .isEqualTo("sent");
    }

    @Test
    void requestsWithOneKeyAreOneCommand() throws Exception {
        String body = "{\"action\":\"stop\",\"idempotencyKey\":\"k-1\"}";
        JsonObject first = posted(body);
        assertThat(posted(body)).isEqualTo(first);
        server.history.writer().command(fixture.key("a"), 2, 5, sent.get(0));
        fixture.commit();
        assertThat(posted(body).getString("id")).isEqualTo(first.getString("id"));
        assertThat(sent).hasSize(1);
        HttpResponse<String> other = post(COMMANDS, body.replace("stop", "pause"));
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.body()).contains("idempotencyKey was used for another command");
    }

    @Test
    void listsWhatBecameOfEachNewestFirst() throws Exception {
        command("old", 1_000, 2_000);
        command("answered", 3_000, Long.MAX_VALUE);
        command("open", 2_000, Long.MAX_VALUE);
        server.history
                .writer()
                .answer(
                        fixture.key("a"),
                        2,
                        3_500,
                        Acknowledgement.newBuilder()
                                .setCommandId("answered")
                                .setOutcome(Acknowledgement.Outcome.APPLIED)
                                .setIteration(41)
                                .setDetail("done")
                                .build());
        fixture.commit();
        List<JsonObject> items = server.items(COMMANDS);
        assertThat(items).extracting(i -> i.getString("id")).containsExactly("answered", "open", "old");
        assertThat(items).extracting(i -> i.getString("state")).containsExactly("applied", "sent", "timed out");
        assertThat(items.get(0).getLong("iteration")).isEqualTo(41);
        assertThat(items.get(0).getString("answer")).isEqualTo("done");
        assertThat(items.get(1).getValue("iteration")).isNull();
    }

    private void command(String id, long issuedAtMs, long expiresAtMs) {
        server.history
                .writer()
                .command(
                        fixture.key("a"),
                        2,
                        issuedAtMs,
                        Command.newBuilder()
                                .setCommandId(id)
                                .setExpiresAtMs(expiresAtMs)
                                .setPause(io.gradwatch.contract.v1.Pause.getDefaultInstance())
                                .build());
    }

    @Test
    void tellsAndStartsTheTwin() throws Exception {
        JsonObject twin = server.json("/api/v1/runs/a/twin");
        assertThat(twin.getBoolean("launcher")).isTrue();
        assertThat(twin.getBoolean("available")).isTrue();
        assertThat(twin.getString("command")).startsWith("./gradwatch train vgg38-bn-resnet --bn before --skip conv");
        HttpResponse<String> started = server.send("POST", "/api/v1/runs/a/twin");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        assertThat(new JsonObject(started.body()).getString("action")).isEqualTo("twin");
        assertThat(sent.get(0).getStartTwin().getLauncher()).isEqualTo("launcher-1");
        assertThat(sent.get(0).getStartTwin().getPreset()).isEqualTo("vgg38-bn-resnet");
        assertThat(sent.get(0).getStartTwin().getOptionsMap()).containsEntry("lr", "0.001");

        HttpResponse<String> none = server.send("POST", "/api/v1/runs/done/twin");
        assertThat(none.statusCode()).isEqualTo(409);
        assertThat(none.body()).contains("only a network of");
    }

    @Test
    void withoutALauncherItTellsWhatToType() throws Exception {
        server.close();
        server = new ApiServer(directory);
        assertThat(server.json("/api/v1/runs/a/twin").getBoolean("launcher")).isFalse();
        HttpResponse<String> refused = server.send("POST", "/api/v1/runs/a/twin");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("./gradwatch train vgg38-bn-resnet");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() throws Exception {
        String huge = "x".repeat(200_000);
        assertThat(huge.getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(ApiRouter.MOST_BODY);
        assertThat(post(COMMANDS, "{\"reason\":\"" + huge + "\"}").statusCode()).isEqualTo(413);
    }
}
