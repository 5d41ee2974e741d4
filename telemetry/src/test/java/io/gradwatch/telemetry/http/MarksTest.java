package io.gradwatch.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Pause;
import io.gradwatch.contract.v1.StartTwin;
import io.gradwatch.telemetry.history.CommandHistory;
import io.gradwatch.telemetry.live.Recording;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where a replay tells of commands. */
class MarksTest {
    private static Command.Builder command(String id) {
        return Command.newBuilder().setCommandId(id).setIssuedAtIteration(5).setExpiresAtMs(1_000);
    }

    private static CommandHistory.Answer answer(String id, long iteration) {
        return new CommandHistory.Answer(
                2,
                900,
                Acknowledgement.newBuilder()
                        .setCommandId(id)
                        .setOutcome(Acknowledgement.Outcome.APPLIED)
                        .setIteration(iteration)
                        .build());
    }

    @Test
    void commandsStandWhereTheyWereAnsweredElseWhereTheyWereSent() {
        List<Recording.Mark> marks = Marks.of(
                List.of(),
                List.of(),
                Map.of(),
                new JsonArray(),
                List.of(
                        new CommandHistory(
                                "r",
                                2,
                                0,
                                command("a")
                                        .setPause(Pause.getDefaultInstance())
                                        .build(),
                                Optional.of(answer("a", 12))),
                        new CommandHistory(
                                "r",
                                1,
                                0,
                                command("b")
                                        .setPause(Pause.getDefaultInstance())
                                        .build(),
                                Optional.empty()),
                        new CommandHistory(
                                "r", 1, 0, command("c").clearIssuedAtIteration().build(), Optional.empty()),
                        new CommandHistory(
                                "r",
                                1,
                                0,
                                command("d")
                                        .setStartTwin(StartTwin.getDefaultInstance())
                                        .build(),
                                Optional.of(answer("d", 0)))),
                2_000);
        assertThat(marks).extracting(Recording.Mark::subject).containsExactly("b", "d", "a");
        assertThat(marks).extracting(Recording.Mark::iteration).containsExactly(5L, 5L, 12L);
        assertThat(marks).extracting(Recording.Mark::attempt).containsExactly(1, 2, 2);
        assertThat(marks.get(0).body().getString("state")).isEqualTo("timed out");
        assertThat(marks.get(2).body().getString("state")).isEqualTo("applied");
    }
}
