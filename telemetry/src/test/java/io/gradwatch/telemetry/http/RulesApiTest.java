package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesApiTest {
    private static final String RULES = "/api/v1/rules";
    private static final String GOOD =
            "rules:\n  - {name: high, metric: loss, when: above 5, catches: diverging, action:"
                    + " pause, dry_run: true}\nstandard: {plateau: off, explode: {norm: 500}}\n";
    private static final String BAD = "rules:\n  - {name: high, metric: los, when: above}\n";

    @TempDir
    Path directory;

    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ApiServer(directory);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void listsStandardRulesWithoutAFile() throws Exception {
        JsonObject rules = server.json(RULES);
        assertThat(rules.getJsonArray("items")).hasSize(15);
        JsonObject first = rules.getJsonArray("items").getJsonObject(0);
        assertThat(first.getString("rule")).isEqualTo("nan-inf");
        assertThat(first.getString("source")).isEqualTo("standard");
        assertThat(first.getBoolean("enabled")).isTrue();
        assertThat(rules.getJsonObject("file").getString("state")).isEqualTo("absent");
        assertThat(rules.getJsonObject("file").getString("path")).endsWith("rules.yaml");
    }

    @Test
    void putsAFileInForceAtOnce() throws Exception {
        HttpResponse<String> put = server.body("PUT", RULES, GOOD, "application/yaml");
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        assertThat(directory.resolve("rules.yaml")).hasContent(GOOD);
        JsonObject rules = server.json(RULES);
        assertThat(rules).isEqualTo(new JsonObject(put.body()));
        assertThat(rules.getJsonObject("file").getString("state")).isEqualTo("valid");
        assertThat(rules.getJsonObject("file").getString("inForce")).isEqualTo(GOOD);
        JsonArray items = rules.getJsonArray("items");
        JsonObject own = items.getJsonObject(15);
        assertThat(own.getString("source")).isEqualTo("file");
        assertThat(own.getInteger("line")).isEqualTo(2);
        assertThat(own.getJsonArray("catches")).containsExactly("diverging");
        assertThat(own.getJsonObject("action"))
                .isEqualTo(new JsonObject().put("do", "pause").put("dryRun", true));
        assertThat(items)
                .anySatisfy(r -> assertThat(((JsonObject) r).getJsonArray("changes"))
                        .containsExactly("norm 500 instead of 1000"))
                .anySatisfy(r -> {
                    assertThat(((JsonObject) r).getString("rule")).isEqualTo("plateau");
                    assertThat(((JsonObject) r).getBoolean("enabled")).isFalse();
                });
    }

    @Test
    void answersAllMistakesWithTheirLinesAndChangesNothing() throws Exception {
        server.body("PUT", RULES, GOOD, "application/yaml");
        for (HttpResponse<String> refused : java.util.List.of(
                server.body("PUT", RULES, BAD, "application/yaml"),
                server.body("POST", RULES + "/validate", BAD, "text/yaml; charset=utf-8"))) {
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
            JsonObject problem = new JsonObject(refused.body());
            assertThat(problem.getString("detail"))
                    .startsWith("the rules have 2 mistakes, the first: rules.yaml:2:26:");
            assertThat(problem.getJsonArray("problems")).hasSize(2);
            assertThat(problem.getJsonArray("problems").getJsonObject(0).getInteger("line"))
                    .isEqualTo(2);
        }
        assertThat(directory.resolve("rules.yaml")).hasContent(GOOD);
        assertThat(server.json(RULES).getJsonObject("file").getString("state")).isEqualTo("valid");
        HttpResponse<String> valid = server.body("POST", RULES + "/validate", GOOD, "application/yaml");
        assertThat(valid.body()).isEqualTo("{\"valid\":true}");
    }

    @Test
    void refusesWhatIsNoYaml() throws Exception {
        assertThat(server.body("PUT", RULES, GOOD, "text/plain").statusCode()).isEqualTo(415);
        HttpResponse<String> large = server.body("PUT", RULES, "#".repeat(2 << 20), "application/yaml");
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("at most 1048576 bytes");
        assertThat(server.send("DELETE", RULES).statusCode()).isEqualTo(405);
        assertThat(server.send("DELETE", RULES).headers().firstValue("Allow")).contains("GET, PUT");
        assertThat(server.get(RULES + "/validate").statusCode()).isEqualTo(405);
        assertThat(Files.exists(directory.resolve("rules.yaml"))).isFalse();
    }
}
