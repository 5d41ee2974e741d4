package io.gradwatch.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of the real service, with recorded trainings, as a reader uses it. Skipped where there is no Chromium. */
class DashboardIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RUNS = Path.of("../telemetry/src/test/resources/runs");
    private static final String DYING = "vgg38-seed0";
    private static final String CURED = "vgg38-bn-resnet";
    private static final String SHALLOW = "vgg08";
    private static final String TINY = "vgg08-tiny";
    private static final int PHONE = 390;
    /** A busy machine is slow; nothing waits longer than it has to. */
    private static final int PATIENCE_MS = 20_000;

    @TempDir
    private static Path home;

    private static Gradwatch service;
    private static Api api;
    private static String url;
    private static Playwright playwright;
    private static Browser browser;
    private static final Map<String, String> ids = new java.util.HashMap<>();

    private Page page;
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void startWithRecordedRuns() throws Exception {
        var chromium = Chromium.find();
        assumeTrue(chromium.isPresent(), Chromium.MISSING);
        service = Gradwatch.start(home, "up", "--port", "0");
        url = service.awaitUrl(Duration.ofSeconds(60));
        api = new Api(url);
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> api.get("/readyz").statusCode() == 200);
        for (String run : List.of(DYING, CURED, SHALLOW)) {
            HttpResponse<String> answer = api.send(
                    "POST",
                    "/api/v1/runs/import?name=" + run + ".zip",
                    HttpRequest.BodyPublishers.ofFile(RUNS.resolve(run + ".zip")));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            ids.put(run, JSON.readTree(answer.body()).get("id").asText());
        }
        playwright = Chromium.playwright();
        browser = Chromium.launch(playwright, chromium.get());
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    }

    @AfterAll
    static void end() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (playwright != null) {
            playwright.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @BeforeEach
    void openPage() {
        page = newPage(1440, 1000, ColorScheme.LIGHT);
    }

    @AfterEach
    void nothingWasComplainedOf() {
        page.context().close();
        assertThat(complaints).isEmpty();
    }

    @Test
    void aReaderFindsARunLooksCloserAndACopiedAddressOpensTheSameView() {
        open("#/");
        assertThat(page.getByTestId("run-row")).hasCount(3);
        page.keyboard().press("/");
        page.keyboard().type("name:" + CURED + " ?");
        assertThat(page.locator("dialog[open]")).hasCount(0);
        page.locator("#run-search").fill("name:" + CURED);
        assertThat(page.getByTestId("run-row")).hasCount(1);
        page.locator("[data-run-id='" + id(CURED) + "'] a.run-link").click();
        Locator loss = chart("chart-loss");

        drag(loss);
        assertThat(loss).hasAttribute("data-range", Pattern.compile("\\d+-\\d+"));
        String range = Objects.requireNonNull(loss.getAttribute("data-range"));
        choose("loss", "scale-log");
        page.getByTestId("heatmap-metric").selectOption("gradient.max_abs");
        page.locator("[data-chart=loss] .panel-menu-button").click();
        page.locator("[data-chart=loss]").getByTestId("smoothing").selectOption("20");
        page.keyboard().press("Escape");
        String address = address();
        assertThat(address).contains("zoom=", "scale=loss:log", "smooth=20", "metric=gradient.max_abs");

        Page other = newPage(1440, 1000, ColorScheme.LIGHT);
        other.navigate(address);
        assertThat(other.getByTestId("chart-loss")).hasAttribute("data-range", range);
        assertThat(other.getByTestId("chart-loss")).hasAttribute("data-scale", "log");
        assertThat(other.getByTestId("heatmap-metric")).hasValue("gradient.max_abs");
        assertThat(other.getByTestId("zoom-range"))
                .hasText(Objects.requireNonNull(page.getByTestId("zoom-range").textContent()));
        assertThat(other.evaluate("location.href")).isEqualTo(address);
        other.context().close();

        page.getByTestId("zoom-reset").click();
        assertThat(page.getByTestId("zoom-reset")).isHidden();
        page.goBack();
        assertThat(loss).hasAttribute("data-range", range);
        page.goForward();
        assertThat(page.getByTestId("zoom-reset")).isHidden();
    }

    @Test
    void everyKeyIsListedAndTheListKeepsTheFocusUntilEscape() {
        open("#/runs/" + id(CURED));
        chart("chart-loss");
        page.keyboard().press("?");
        Locator list = page.getByTestId("key-help");
        assertThat(list).isVisible();
        assertThat(list.locator("kbd").getByText("?")).isVisible();
        for (int i = 0; i < 3; i++) {
            page.keyboard().press("Tab");
            assertThat((Boolean) page.evaluate("document.activeElement.closest('dialog') !== null"))
                    .isTrue();
        }
        page.keyboard().press("t");
        assertThat(page.locator("html")).not().hasAttribute("data-theme", "dark");
        page.keyboard().press("Escape");
        assertThat(list).isHidden();

        page.keyboard().press("t");
        assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.keyboard().press("]");
        page.keyboard().press("m");
        assertThat(page.locator(".panel-menu-list:visible")).hasCount(1);
        page.keyboard().press("Escape");
        page.getByTestId("chart-loss").focus();
        page.keyboard().press("+");
        assertThat(page.getByTestId("zoom-reset")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.getByTestId("zoom-reset")).isHidden();
    }

    @Test
    void whatIsPointedAtInOneChartIsShownInTheOthers() {
        open("#/runs/" + id(CURED));
        page.setViewportSize(1440, 2000);
        Locator loss = chart("chart-loss");
        chart("chart-heatmap");
        loss.focus();
        page.keyboard().press(".");
        Locator line = page.getByTestId("chart-heatmap").locator(".cursor-line");
        assertThat(line).isVisible();
        String before = line.textContent();
        page.keyboard().press(".");
        assertThat(line).not().hasText(before);
        loss.hover();
        assertThat(line).isVisible();
        page.mouse().move(2, 2);
        assertThat(line).isHidden();
    }

    @Test
    void aDyingRunIsReplayedFromThePlaceInTheAddress() {
        open("#/runs/" + id(DYING) + "?replay=100&speed=50&scale=loss:log");
        assertThat(page.getByTestId("replay-bar")).isVisible();
        chart("chart-gradient-flow");
        page.getByTestId("replay-bar").locator(".replay-play").focus();
        await().pollInSameThread()
                .atMost(Duration.ofSeconds(20))
                .until(() ->
                        Integer.parseInt(page.getByTestId("replay-position").inputValue()) > 110);
        await().pollInSameThread()
                .atMost(Duration.ofSeconds(10))
                .until(() -> Pattern.compile("replay=1[1-9]\\d|replay=[2-9]\\d\\d")
                        .matcher(address())
                        .find());
        assertThat(address()).contains("scale=loss:log", "speed=50");
        assertThat(page.locator(".age").first()).containsText("recorded");
    }

    @Test
    void aRunThatSomebodyElseDeletesGoesFromTheListAndItsOwnPageSaysSo() throws Exception {
        HttpResponse<String> imported = api.send(
                "POST",
                "/api/v1/runs/import?name=" + TINY + ".zip",
                HttpRequest.BodyPublishers.ofFile(RUNS.resolve(TINY + ".zip")));
        String run = JSON.readTree(imported.body()).get("id").asText();
        open("#/");
        Locator row = page.locator("[data-run-id='" + run + "']");
        assertThat(row).hasCount(1);
        try (Page its = newPage(1440, 1000, ColorScheme.LIGHT)) {
            its.navigate(url + "/#/runs/" + run);
            assertThat(its.getByTestId("chart-loss")).hasAttribute("data-state", "drawn");

            assertThat(api.send("DELETE", "/api/v1/runs/" + run, HttpRequest.BodyPublishers.noBody())
                            .statusCode())
                    .isLessThan(300);

            assertThat(row).hasCount(0);
            assertThat(its.getByTestId("page-message")).containsText("This run was deleted");
        }
        assertThat(page.getByTestId("run-row")).hasCount(3);
    }

    @Test
    void runsStandBesideEachOther() {
        open("#/compare/" + id(DYING) + "," + id(CURED));
        assertThat(page.getByTestId("compare-column")).hasCount(2);
        for (String run : List.of(DYING, CURED)) {
            Locator loss = page.locator("[data-run-id='" + id(run) + "']").getByTestId("chart-loss");
            assertThat(loss).hasAttribute("data-state", "drawn");
        }
    }

    @Test
    void aChartIsSavedAsPictureAndAsItsExactData() throws Exception {
        open("#/runs/" + id(SHALLOW) + "?zoom=100-149");
        Locator loss = page.getByTestId("chart-loss");
        assertThat(loss).hasAttribute("data-range", "100-150");

        Path png = save("png");
        assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
        assertThat(png.getFileName().toString()).isEqualTo("vgg08-loss.png");
        var svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(save("svg").toFile());
        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");

        JsonNode buckets = api.json("/api/v1/runs/" + id(SHALLOW) + "/series?metric=loss&from=100&to=150&buckets=1000")
                .at("/series/0/buckets");
        List<String> expected = new ArrayList<>();
        buckets.forEach(b -> expected.add(
                "loss-band,0," + b.get("from").asInt() + "," + b.get("mean").asDouble()));
        assertThat(expected).hasSize(50);
        assertThat(Files.readString(save("csv")).lines().filter(l -> l.startsWith("loss-band,")))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void aChartWhoseDataDoNotComeSaysSoAndCanTryAgain() {
        boolean[] away = {true};
        page.route(Pattern.compile("/heatmap\\?"), route -> {
            if (away[0]) {
                route.abort();
            } else {
                route.resume();
            }
        });
        open("#/runs/" + id(SHALLOW));
        Locator flow = page.getByTestId("chart-heatmap").locator(".chart-partly");
        assertThat(flow).containsText("did not come");
        away[0] = false;
        flow.getByText("Try again").click();
        assertThat(flow).isHidden();
        complaints.removeIf(c -> c.contains("net::ERR_FAILED"));
    }

    @Test
    void noPageKeepsAnybodyOut() throws Exception {
        String axe;
        try (InputStream source = Objects.requireNonNull(
                DashboardIT.class.getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"))) {
            axe = new String(source.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> found = new ArrayList<>();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page reader = newPage(1440, 1000, scheme);
            reader.navigate(url);
            reader.evaluate(axe);
            for (String place : places()) {
                reader.evaluate("place => { location.hash = place; }", place);
                settle(reader);
                Object violations = reader.evaluate(
                        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations.filter(v =>"
                                + " ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes.slice(0,"
                                + " 3).map(n => n.html.slice(0, 160)).join(' '))");
                ((List<?>) violations).forEach(v -> found.add(scheme + " " + place + " " + v));
            }
            reader.context().close();
        }
        // axe itself reads canvases
        complaints.removeIf(c -> c.contains("willReadFrequently"));
        assertThat(found).isEmpty();
    }

    @Test
    void whatPeopleWriteIsShownAsTextAndFitsAPhone() throws Exception {
        String script = "<img src=x onerror=\"window.broken=1\"><script>window.broken=1</script>";
        String backwards = "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 ";
        String name = script + backwards + "W".repeat(200 - script.length() - backwards.length());
        String tag = "<b onclick=window.broken=1>" + "t".repeat(64 - 27);
        String notes = (script + backwards).repeat(200).substring(0, 9_000) + "N".repeat(1_000);
        String body = JSON.writeValueAsString(Map.of(
                "name", name, "addTags", List.of(tag, backwards + "tag"), "labels", List.of("<i>"), "notes", notes));
        HttpResponse<String> answer =
                api.send("PATCH", "/api/v1/runs/" + id(SHALLOW), HttpRequest.BodyPublishers.ofString(body));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
        try {
            Page phone = newPage(PHONE, 844, ColorScheme.LIGHT);
            for (String place : places()) {
                phone.navigate(url + "/" + place);
                settle(phone);
                assertThat(phone.evaluate(
                                "document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                        .as("%s at %d pixels is too wide by", place, PHONE)
                        .isEqualTo(0);
                assertThat(phone.evaluate("window.broken === undefined && !document.querySelector('img[src=x]')"))
                        .as(place)
                        .isEqualTo(true);
            }
            phone.navigate(url + "/#/runs/" + id(SHALLOW));
            assertThat(phone.locator("h1")).containsText(script);
            assertThat(phone.locator("textarea").first()).hasValue(notes);
            assertThat(phone.getByText(tag).first()).isVisible();
            phone.context().close();
        } finally {
            api.send(
                    "PATCH",
                    "/api/v1/runs/" + id(SHALLOW),
                    HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(
                            Map.of("name", "", "tags", List.of(), "labels", List.of(), "notes", ""))));
        }
    }

    @Test
    void thePageHasNoScriptOfItsOwnAndAllowsNone() throws Exception {
        HttpResponse<String> index = api.get("/");
        String policy = index.headers().firstValue("Content-Security-Policy").orElse("");
        List<String> scripts = Stream.of(policy.split(";"))
                .map(String::strip)
                .filter(d -> d.startsWith("default-src") || d.startsWith("script-src"))
                .toList();
        assertThat(scripts)
                .isNotEmpty()
                .allSatisfy(d -> assertThat(d).contains("'self'").doesNotContain("unsafe", "*", "http"));
        assertThat(index.body())
                .doesNotContainPattern("<script(?![^>]*\\bsrc=)[^>]*>")
                .doesNotContainPattern("<[^>]+\\son\\w+=");
        open("#/");
        page.addScriptTag(new Page.AddScriptTagOptions().setUrl("/js/theme-early.js"));
        page.evaluate("() => { const s = document.createElement('script'); s.textContent = 'window.inline = 1';"
                + " document.body.append(s); }");
        assertThat(page.evaluate("window.inline"))
                .as("an inline script is refused")
                .isNull();
        complaints.removeIf(c -> c.contains("Content Security Policy"));
    }

    /** Every page, with something on it. */
    private static List<String> places() {
        return List.of(
                "#/",
                "#/runs/" + id(CURED),
                "#/runs/" + id(SHALLOW),
                "#/runs/" + id(DYING) + "?replay=200&speed=0.1",
                "#/compare/" + id(DYING) + "," + id(SHALLOW),
                "#/notifications",
                "#/table1",
                "#/nowhere");
    }

    private static String id(String run) {
        return Objects.requireNonNull(ids.get(run));
    }

    /** As the page has it: what Playwright knows of it comes with the next message only. */
    private String address() {
        return (String) page.evaluate("location.href");
    }

    private void open(String place) {
        page.navigate(url + "/" + place);
    }

    /** A chart, once it has something to show. */
    private Locator chart(String name) {
        Locator chart = page.getByTestId(name);
        assertThat(chart).hasAttribute("data-state", "drawn");
        return chart;
    }

    /** Waits until a page has its heading, and charts that have data are drawn. */
    private static void settle(Page reader) {
        reader.waitForFunction(
                "() => document.querySelector('main h1, main h2') !== null && !document.querySelector('main .spinner')"
                        + " && (document.querySelector('.chart') === null ||"
                        + " document.querySelector('.chart[data-state=drawn]') !== null)",
                null,
                new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MS));
        reader.waitForTimeout(300);
    }

    /** From a quarter to the middle of a chart. */
    private void drag(Locator chart) {
        chart.scrollIntoViewIfNeeded();
        var box = Objects.requireNonNull(chart.boundingBox());
        page.mouse().move(box.x + box.width * 0.3, box.y + 70);
        page.mouse().down();
        page.mouse().move(box.x + box.width * 0.45, box.y + 75);
        page.mouse().move(box.x + box.width * 0.6, box.y + 80);
        page.mouse().up();
    }

    private void choose(String chart, String item) {
        Locator panel = page.locator("[data-chart=" + chart + "]");
        panel.locator(".panel-menu-button").click();
        panel.getByTestId(item).click();
        page.keyboard().press("Escape");
        assertThat(panel.locator(".panel-menu-list")).isHidden();
    }

    private Path save(String format) throws Exception {
        page.locator("[data-chart=loss] .panel-menu-button").click();
        Download download = page.waitForDownload(() ->
                page.locator("[data-chart=loss]").getByTestId("save-" + format).click());
        Path file = Files.createTempDirectory(home, "saved").resolve(download.suggestedFilename());
        download.saveAs(file);
        return file;
    }

    /** Everything that it complains of, or asks another host for, is kept. */
    private Page newPage(int width, int height, ColorScheme scheme) {
        Page opened = browser.newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme))
                .newPage();
        opened.setDefaultTimeout(PATIENCE_MS);
        opened.onConsoleMessage(m -> {
            if (m.type().equals("error") || m.type().equals("warning")) {
                complaints.add(m.text());
            }
        });
        opened.onPageError(complaints::add);
        opened.onRequest(r -> {
            URI uri = URI.create(r.url());
            if (!List.of("blob", "data").contains(uri.getScheme()) && !url.equals("http://" + uri.getAuthority())) {
                complaints.add("asked " + r.url());
            }
        });
        return opened;
    }
}
