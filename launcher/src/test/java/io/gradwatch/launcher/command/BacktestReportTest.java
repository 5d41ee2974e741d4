package io.gradwatch.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradwatch.launcher.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BacktestReportTest {
    private static final String RESULT = """
            {"rules":[{"rule":"vanish-floor","catches":["vanishing"],"caught":2,"missed":1,"falseAlarms":0,"beside":1,
                       "precision":1,"recall":0.667,"medianLead":{"iterations":930,"atLeast":true}},
                      {"rule":"overfit","catches":[],"caught":0,"missed":0,"falseAlarms":0,"beside":0,
                       "precision":null,"recall":null,"medianLead":null}],
             "runs":[{"id":"a","name":"vgg38","labels":["vanishing"],"iterations":500,"firings":[
                        {"rule":"vanish-floor","iteration":19,"epoch":0,"worst":"critical"},
                        {"rule":"vanish-depth","iteration":49,"epoch":0,"worst":"critical"}]},
                     {"id":"b","name":"vgg08","labels":[],"iterations":1000,"firings":[]}],
             "differences":%s}""";

    @Test
    void showsScoresAndWhatFiredOnEachRun() throws Exception {
        JsonNode result = json(RESULT.formatted("null"));

        assertThat(BacktestReport.scores(result))
                .containsExactly(
                        "RULE          CATCHES    CAUGHT  MISSED  FALSE  BESIDE  PRECISION  RECALL  AHEAD",
                        "vanish-floor  vanishing       2       1      0       1      100 %    67 %  ≥ 930",
                        "overfit       -               0       0      0       0          -       -      -");
        assertThat(BacktestReport.runs(result))
                .containsExactly(
                        "RUN    LABELS     ITERATIONS  FIRST FIRED  EPOCH  RULE          WORST",
                        "vgg38  vanishing         500           19      0  vanish-floor  critical",
                        "                                       49      0  vanish-depth  critical",
                        "vgg08  -                1000            -      -  nothing       -");
        assertThat(BacktestReport.differences(result)).isEmpty();
        assertThat(printed(result)).contains("1 of 2 runs have no label").doesNotContain("judge live");
    }

    @Test
    void showsWhatIsDifferentFromTheRulesOfToday() throws Exception {
        JsonNode result = json(RESULT.formatted("""
                [{"run":"a","name":"vgg38","rule":"vanish-floor","kind":"moved","by":40,
                  "was":{"iteration":19,"severity":"critical"},"is":{"iteration":59,"severity":"warning"}},
                 {"run":"b","name":"vgg08","rule":"overfit","kind":"new","by":0,
                  "was":null,"is":{"iteration":7,"severity":"info"}}]"""));

        assertThat(BacktestReport.differences(result))
                .containsExactly(
                        "DIFFERENCE  RUN    RULE                TODAY       TRIED   BY",
                        "moved       vgg38  vanish-floor  19 critical  59 warning  +40",
                        "new         vgg08  overfit                 -      7 info    -");
    }

    @Test
    void saysThatNothingIsDifferentAndThatNoRunIsFound() throws Exception {
        assertThat(printed(json(RESULT.formatted("[]"))))
                .contains("Every alert is as it is with the rules that judge live");
        assertThat(printed(json("{\"rules\":[],\"runs\":[]}"))).contains("No run is found");
    }

    private static String printed(JsonNode result) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        BacktestReport.print(result, new Terminal(out, out, false, false));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
