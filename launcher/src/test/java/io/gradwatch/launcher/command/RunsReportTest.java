package io.gradwatch.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunsReportTest {
    private static final String RUN = """
            {"id":"a","name":"vgg08","state":"finished","attempt":2,"iteration":949,"loss":2.5,"firingAlerts":0,
             "attempts":[{"attempt":1,"firstIteration":0,"lastIteration":600,"iterations":601},
                         {"attempt":2,"firstIteration":475,"lastIteration":949,"iterations":475}],
             "result":{"bestEpoch":1,"validationLoss":2.25,"validationAccuracy":0.41,"testLoss":null,
                       "testAccuracy":0.4321,"trainLoss":"NaN","trainAccuracy":null}}""";

    @Test
    void showsTheResultAndWhereEachAttemptBegan() throws Exception {
        Map<String, String> fields = RunsReport.fields(json(RUN), ZoneOffset.UTC);

        assertThat(fields)
                .containsEntry("Attempt", "2 (iterations 0 to 600, then 475 to 949)")
                .containsEntry("Best epoch", "1 (0-based, by validation accuracy)")
                .containsEntry("  validation", "41.00 %, loss 2.250")
                .containsEntry("  test", "43.21 %")
                .containsEntry("  train", "-, loss NaN");
    }

    @Test
    void showsNoResultWhereThereIsNone() throws Exception {
        Map<String, String> fields =
                RunsReport.fields(json("{\"id\":\"a\",\"attempt\":1,\"result\":null}"), ZoneOffset.UTC);

        assertThat(fields).containsEntry("Attempt", "1").doesNotContainKeys("Best epoch", "  test");
    }

    @Test
    void listsTheTestAccuracyAndThatARunWasResumed() throws Exception {
        List<String> lines = RunsReport.table(
                List.of(json(RUN), json("{\"id\":\"b\",\"state\":\"running\",\"attempt\":1}")), ZoneOffset.UTC);

        assertThat(lines.get(0)).contains("TEST");
        assertThat(lines.get(1)).contains("finished, attempt 2").contains("43.21 %");
        assertThat(lines.get(2)).contains("running").doesNotContain("attempt").doesNotContain("%");
    }

    @Test
    void showsInWhatRunsDifferAndHowMuchIsEqual() throws Exception {
        String table = """
                {"runs":[{"id":"a","name":"first"},{"id":"b","name":""}],"equal":%d,"rows":[
                 {"group":"parameter","name":"lr","differs":true,"values":["0.001",null]},
                 {"group":"result","name":"loss","differs":%b,"values":[2.5,"NaN"]}]}""";

        assertThat(RunsReport.comparison(json(table.formatted(7, true))))
                .containsExactly(
                        "      first    b",
                        "lr    0.001    -",
                        "loss    2.5  NaN",
                        "",
                        "7 values are equal; --all shows them too.");
        assertThat(RunsReport.comparison(json(table.formatted(7, false)))).hasSize(3);
    }

    @Test
    void writesNothingThatWouldMoveTheCursorOfATerminal() throws Exception {
        JsonNode run = json("{\"id\":\"a\",\"tags\":[\"x\\u001b[2Jy\"],\"notes\":\"one\\u001b[2J\\ntwo\"}");

        Map<String, String> fields = RunsReport.fields(run, ZoneOffset.UTC);
        assertThat(fields.get("Tags")).isEqualTo("x [2Jy");
        assertThat(fields.get("Notes")).isEqualTo("one [2J\n" + " ".repeat(16) + "two");
        assertThat(RunsReport.table(List.of(run), ZoneOffset.UTC).get(1)).doesNotContain("\u001b");
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
