package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Envelope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that the policy has archived and then deleted from a real broker is still there to look at, replay and rebuild. */
class RetentionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    @Test
    void anArchivedRunMayLeaveTheBrokerAndNothingOfItIsLost() throws Exception {
        List<Envelope> sent;
        String iterations;
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(PATIENCE));
            SmallRun.publish(Log.bootstrap(home), "old");
            SmallRun.awaitFinished(api, "old");
            sent = Log.read(Log.bootstrap(home), Topic.ITERATIONS);
            iterations = export(api);
        }
        assertThat(sent).hasSize(SmallRun.ITERATIONS);
        Files.writeString(home.resolve("retention.properties"), "archive-after = 0s\ntrim-archived = true\n");

        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(PATIENCE));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(Log.read(Log.bootstrap(home), Topic.ITERATIONS))
                            .as("what the broker still has")
                            .isEmpty());
            assertThat(home.resolve("archive/old/manifest.json")).exists();
            assertThat(export(api)).isEqualTo(iterations);

            Gradwatch replay = Gradwatch.start(home, "replay", "old", "--to-topic", "again", "--max");
            assertThat(replay.awaitExit(PATIENCE)).as(replay.output()).isZero();
            assertThat(replay.output()).contains("(" + SmallRun.ITERATIONS + " iterations) of old");
            assertThat(Log.read(Log.bootstrap(home), "again").stream()
                            .filter(Envelope::hasIteration)
                            .toList())
                    .isEqualTo(sent);
        }

        Gradwatch rebuild = Gradwatch.start(home, "history", "rebuild");
        assertThat(rebuild.awaitExit(Duration.ofSeconds(120)))
                .as(rebuild.output())
                .isZero();
        assertThat(rebuild.output()).contains("equal to the old one row for row");
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(PATIENCE));
            SmallRun.awaitFinished(api, "old");
            assertThat(export(api)).isEqualTo(iterations);
        }
    }

    private static String export(Api api) throws Exception {
        return api.get("/api/v1/runs/old/export?table=iterations").body();
    }
}
