package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gradwatch demo}, watched in a real browser. Skipped where there is no Chromium. */
class DemoIT {
    private static final String SERVICE = "io.gradwatch.telemetry.TelemetryService";
    private static final Pattern COMPARE = Pattern.compile("(http://\\S+)/#/compare/([\\w.-]+),([\\w.-]+)");

    @TempDir
    Path home;

    @Test
    void aDyingAndALivingNetworkMoveSideBySideAndSurviveARestartOfTheService() throws Exception {
        Optional<Path> chromium = Chromium.find();
        assumeTrue(chromium.isPresent(), Chromium.MISSING);
        try (Gradwatch demo = Gradwatch.start(home, "demo", "--no-open", "--port", "0", "--data", "synthetic");
                Playwright playwright = Chromium.playwright();
                Browser browser = Chromium.launch(playwright, chromium.get())) {
            var printed = demo.await(COMPARE, Duration.ofSeconds(90));
            Api api = new Api(printed.group(1));
            Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1440, 900));
            List<String> errors = new ArrayList<>();
            page.onConsoleMessage(m -> {
                if (m.type().equals("error") || m.type().equals("warning")) {
                    errors.add(m.text());
                }
            });
            page.onPageError(errors::add);
            page.navigate(printed.group());
            var patient = new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

            Locator dying = page.locator("[data-run-id='" + printed.group(2) + "']");
            Locator living = page.locator("[data-run-id='" + printed.group(3) + "']");
            Locator alert = dying.getByTestId("alert-banner");
            PlaywrightAssertions.assertThat(alert.getByTestId("cut-layer")).isVisible(patient);
            PlaywrightAssertions.assertThat(alert)
                    .hasAttribute(
                            "data-tone", "critical", new LocatorAssertions.HasAttributeOptions().setTimeout(60_000));

            for (Locator run : List.of(dying, living)) {
                for (String chart : List.of("chart-loss", "chart-gradient-flow", "chart-heatmap")) {
                    run.getByTestId(chart).scrollIntoViewIfNeeded();
                    int first = points(run.getByTestId(chart));
                    patiently(Duration.ofSeconds(30))
                            .untilAsserted(() -> assertThat(points(run.getByTestId(chart)))
                                    .as(chart)
                                    .isGreaterThanOrEqualTo(Math.max(1, first)));
                }
                long seen = iteration(run);
                patiently(Duration.ofSeconds(30)).until(() -> iteration(run) > seen + 5);
            }
            page.evaluate("window.scrollTo(0, 0)");
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "demo.png")));
            assertThat(errors).isEmpty();

            demo.child(SERVICE).destroyForcibly();
            PlaywrightAssertions.assertThat(page.getByTestId("connection-state").first())
                    .hasAttribute(
                            "data-state",
                            Pattern.compile("waiting|connecting"),
                            new LocatorAssertions.HasAttributeOptions().setTimeout(15_000));
            PlaywrightAssertions.assertThat(page.getByTestId("connection-state").first())
                    .hasAttribute("data-state", "open", new LocatorAssertions.HasAttributeOptions().setTimeout(60_000));
            for (Locator run : List.of(dying, living)) {
                long seen = iteration(run);
                patiently(Duration.ofSeconds(60)).until(() -> iteration(run) > seen + 5);
            }
            // Chromium itself reports each refused connection; nothing else may have been said
            errors.removeIf(e -> e.contains("ERR_CONNECTION") || e.contains("WebSocket connection to"));
            assertThat(errors).isEmpty();

            JsonNode alerts =
                    api.json("/api/v1/runs/" + printed.group(2) + "/alerts").get("items");
            assertThat(alerts).isNotEmpty();
            assertThat(alerts.findValues("firedIteration").stream()
                            .filter(n -> !n.isNull())
                            .mapToLong(JsonNode::asLong)
                            .min()
                            .orElse(Long.MAX_VALUE))
                    .as("fires within 20 iterations")
                    .isLessThan(20);
            assertThat(api.json("/api/v1/runs/" + printed.group(3) + "/alerts").findValues("firedIteration"))
                    .as("no alert of the cured network has fired")
                    .allMatch(JsonNode::isNull);

            List<ProcessHandle> children = demo.descendants();
            page.close();
            demo.interrupt();
            assertThat(demo.awaitExit(Duration.ofSeconds(40))).as(demo.output()).isZero();
            patiently(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
        }
    }

    /** Playwright belongs to one thread. */
    private static ConditionFactory patiently(Duration patience) {
        return await().pollInSameThread().atMost(patience);
    }

    private static int points(Locator chart) {
        String points = chart.getAttribute("data-points");
        return points == null ? 0 : Integer.parseInt(points);
    }

    private static long iteration(Locator run) {
        String digits = run.getByTestId("iteration").textContent().replaceAll("\\D", "");
        return digits.isEmpty() ? -1 : Long.parseLong(digits);
    }
}
