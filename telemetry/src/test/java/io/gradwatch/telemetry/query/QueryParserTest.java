package io.gradwatch.telemetry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradwatch.telemetry.query.Query.And;
import io.gradwatch.telemetry.query.Query.Between;
import io.gradwatch.telemetry.query.Query.Compare;
import io.gradwatch.telemetry.query.Query.Contains;
import io.gradwatch.telemetry.query.Query.Either;
import io.gradwatch.telemetry.query.Query.IsNan;
import io.gradwatch.telemetry.query.Query.Like;
import io.gradwatch.telemetry.query.Query.Not;
import io.gradwatch.telemetry.query.Query.Or;
import io.gradwatch.telemetry.query.Query.Text;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParserTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final long DAY = 86_400_000;

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void nothingAsksForAllRuns(String text) throws Exception {
        assertThat(parse(text)).isEqualTo(Query.ALL);
    }

    @Test
    void readsConditionsOfEveryKind() throws Exception {
        assertThat(
                        parse(
                                "preset:vgg38 lr<0.01 state:finished best_accuracy>40% tag:cured \"free text\" -tag:old (a OR b)"))
                .isEqualTo(new And(List.of(
                        like("preset", "vgg38"),
                        new Compare(Field.of("config.lr"), Operator.LESS, 0.01),
                        like("state", "finished"),
                        new Compare(Field.of("best_accuracy"), Operator.GREATER, 0.4),
                        like("tag", "cured"),
                        new Text("free text"),
                        new Not(like("tag", "old")),
                        new Or(List.of(new Text("a"), new Text("b"))))));
    }

    @Test
    void andBindsTighterThanOr() throws Exception {
        Query a = new Text("a");
        Query b = new Text("b");
        assertThat(parse("a b OR NOT a")).isEqualTo(new Or(List.of(new And(List.of(a, b)), new Not(a))));
        assertThat(parse("a AND b")).isEqualTo(new And(List.of(a, b)));
        assertThat(parse("a AND(b)")).isEqualTo(new And(List.of(a, b)));
        assertThat(parse("--a")).isEqualTo(new Not(new Not(a)));
        assertThat(parse("or ORDER")).isEqualTo(new And(List.of(new Text("or"), new Text("ORDER"))));
    }

    @Test
    void aPlainNameThatNoFieldHasIsAParameter() throws Exception {
        assertThat(parse("Weight-decay>=1e-4"))
                .isEqualTo(new Compare(
                        new Field("config.Weight-decay", Field.Kind.PARAMETER), Operator.GREATER_OR_EQUAL, 1e-4));
        assertThat(parse("config.lr>1")).isEqualTo(parse("lr>1"));
        assertThat(parse("lr:0.1"))
                .isEqualTo(new Either(
                        new Compare(Field.of("lr"), Operator.EQUAL, 0.1),
                        new Like(Field.of("lr"), Pattern.exactly("0.1"), false)));
        assertThat(parse("skip!=\"1\"")).isEqualTo(new Like(Field.of("skip"), Pattern.exactly("1"), true));
        assertThat(parse("batch_size:100")).isEqualTo(new Compare(Field.of("batch"), Operator.EQUAL, 100));
    }

    @Test
    void starsStandForAnyCharactersUnlessQuoted() throws Exception {
        assertThat(parse("preset:VGG*-bn*"))
                .isEqualTo(new Like(Field.of("preset"), new Pattern(List.of("vgg", "-bn", "")), false));
        assertThat(parse("preset:\"a*\"")).isEqualTo(like("preset", "a*"));
        assertThat(parse("notes:\"a \\\"b\\\" c\"")).isEqualTo(new Contains(Field.of("notes"), "a \"b\" c"));
    }

    @Test
    void aDateIsItsWholeDay() throws Exception {
        long day = Instant.parse("2026-11-01T00:00:00Z").toEpochMilli();
        assertThat(between("started:2026-11-01", day, day + DAY)).isTrue();
        assertThat(between("started>2026-11-01", day + DAY, Long.MAX_VALUE)).isTrue();
        assertThat(between("started>=2026-11-01", day, Long.MAX_VALUE)).isTrue();
        assertThat(between("started<2026-11-01", Long.MIN_VALUE, day)).isTrue();
        assertThat(between("ended<=2026-11-01", Long.MIN_VALUE, day + DAY)).isTrue();
        assertThat(between("seen:2026-11-01T10:30", day + 37_800_000, day + 37_860_000))
                .isTrue();
        assertThat(between("seen:2026-11-01T12:30+02:00", day + 37_800_000, day + 37_860_000))
                .isTrue();
        assertThat(between("seen:2026-11-01T10:30:00Z", day + 37_800_000, day + 37_801_000))
                .isTrue();
        assertThat(between("started>=2d", NOW.toEpochMilli() - 2 * DAY, Long.MAX_VALUE))
                .isTrue();
    }

    @Test
    void readsLengthsOfTimeAndNumbersWithUnits() throws Exception {
        assertThat(between("duration>=1h30m", 5_400_000, Long.MAX_VALUE)).isTrue();
        assertThat(between("duration<1.5d", Long.MIN_VALUE, 129_600_000)).isTrue();
        assertThat(parse("iteration>20k")).isEqualTo(new Compare(Field.of("iteration"), Operator.GREATER, 20_000));
        assertThat(parse("loss:nan")).isEqualTo(new IsNan(Field.of("loss"), false));
        assertThat(parse("loss!=NaN")).isEqualTo(new IsNan(Field.of("loss"), true));
        assertThat(parse("loss<-inf"))
                .isEqualTo(new Compare(Field.of("loss"), Operator.LESS, Double.NEGATIVE_INFINITY));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            lr<              | 3  | there is no value behind lr<
            a (b OR c        | 2  | the ( is not closed
            a) b             | 1  | there is no ( for this )
            ()               | 1  | a condition is missing
            a OR             | 4  | the query ends where a condition should be
            OR a             | 0  | a condition is missing
            a AND            | 5  | the query ends where a condition should be
            "abc             | 0  | the " is not closed
            name:"abc        | 5  | the " is not closed
            loss<abc         | 5  | loss cannot be "abc"
            loss<1.2.3       | 5  | loss cannot be "1.2.3"
            state:done       | 6  | one of running, finished, stopped, failed, silent
            state>running    | 5  | state is no number and cannot be compared by >
            tag<b            | 3  | tag is no number and cannot be compared by <
            started>yesterday| 8  | accepted is a date such as 2026-11-01
            started>2026-13-01| 8 | accepted is a date such as 2026-11-01
            duration>1       | 9  | accepted is a length of time such as 90s
            skip>relu        | 5  | texts are compared by : = and !=
            synthetic:maybe  | 10 | one of true, false
            =1               | 0  | there is no name before =
            a - b            | 3  | nothing follows the -
            NOT              | 3  | the query ends where a condition should be
            größe>1          | 0  | "größe" is no name
            """)
    void tellsWhatIsWrongAndWhere(String text, int position, String problem) {
        QuerySyntaxException e = error(text);

        assertThat(e.position()).isEqualTo(position);
        assertThat(e).hasMessageContaining(problem).hasMessageContaining("at character " + (position + 1));
        assertThat(e.caret()).isEqualTo(text + "\n" + " ".repeat(position) + "^");
    }

    @Test
    void showsTheSurroundingsOfThePlaceInALongQuery() {
        QuerySyntaxException e = error("a ".repeat(80) + "lr< " + "b ".repeat(100));

        String[] lines = e.caret().split("\n");
        assertThat(lines[0]).startsWith("…").endsWith("…").contains("lr< b");
        assertThat(lines[0].charAt(lines[1].indexOf('^') - 1)).isEqualTo('<');
    }

    @Test
    void refusesWhatIsTooMuch() {
        assertThat(error("a".repeat(2_001))).hasMessageContaining("at most 2000 characters");
        assertThat(error("(".repeat(40))).hasMessageContaining("nested too deeply");
        assertThat(error("-".repeat(40) + "a")).hasMessageContaining("nested too deeply");
        assertThat(error("a ".repeat(101))).hasMessageContaining("too many conditions");
    }

    @Test
    void anyTextIsAQueryOrAnErrorWithItsPlace() {
        String[] pieces = {
            "a",
            "OR",
            "AND",
            "NOT",
            "(",
            ")",
            "-",
            "\"",
            "\\",
            ":",
            "=",
            "<",
            ">",
            "!=",
            "lr",
            "loss",
            "started",
            "state",
            "2026-11-01",
            "1h",
            "0.1",
            "40%",
            "nan",
            "*",
            "%",
            "_",
            "'",
            ";--",
            " ",
            " ",
            "\t",
            "\u0000",
            "é",
            "\uD83D\uDE00",
            "\uD83D",
            "config.",
            "tag",
            "notes",
            "synthetic",
            "9".repeat(400)
        };
        Random random = new Random(4);
        int queries = 0;
        for (int i = 0; i < 40_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(
                        random.nextInt(20) == 0
                                ? (char) random.nextInt(0x10000)
                                : pieces[random.nextInt(pieces.length)]);
            }
            try {
                assertThat(parse(text.toString())).isNotNull();
                queries++;
            } catch (QuerySyntaxException e) {
                assertThat(e.position()).isBetween(0, text.length());
                assertThat(e.accepted()).isNotEmpty();
                assertThat(e.caret().lines().count()).isEqualTo(2);
            }
        }
        assertThat(queries).isBetween(4_000, 36_000);
    }

    @Test
    void readsOrders() throws Exception {
        assertThat(RunOrder.parse("-best_accuracy,lr").keys())
                .containsExactly(
                        new RunOrder.Key(Field.of("best_accuracy"), true),
                        new RunOrder.Key(Field.of("config.lr"), false));
        assertThat(orderError("loss,,lr")).hasMessageContaining("a name is missing at character 6");
        assertThat(orderError("tag")).hasMessageContaining("several of tag");
        assertThat(orderError("loss,-loss")).hasMessageContaining("twice at character 6");
        assertThat(orderError("a,b,c,d,e")).hasMessageContaining("too many");
        assertThat(orderError("a;b")).hasMessageContaining("\"a;b\" is no name");
    }

    private static boolean between(String text, long from, long to) throws QuerySyntaxException {
        Between between = (Between) parse(text);
        return between.from() == from && between.to() == to && !between.negated();
    }

    private static Query like(String field, String text) {
        return new Like(Field.of(field), Pattern.exactly(text), false);
    }

    private static Query parse(String text) throws QuerySyntaxException {
        return QueryParser.parse(text, NOW);
    }

    private static QuerySyntaxException error(String text) {
        return catchThrowableOfType(QuerySyntaxException.class, () -> parse(text));
    }

    private static QuerySyntaxException orderError(String text) {
        return catchThrowableOfType(QuerySyntaxException.class, () -> RunOrder.parse(text));
    }
}
