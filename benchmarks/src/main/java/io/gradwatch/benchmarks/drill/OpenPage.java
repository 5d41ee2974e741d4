package io.gradwatch.benchmarks.drill;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A page of the dashboard in a headless Chromium of its own, open as somebody has it open. For the thread that opened it.
 *
 * <p>What it holds is what the page itself counts ({@code data-iterations} of a run's header): iterations that its charts
 * are drawn from. Nobody asks the service for that.
 */
final class OpenPage implements AutoCloseable {
    /** Of a run that a comparison has no column for it is -1: another run's figure would be worse than none. */
    private static final String HELD = """
            run => {
              const header = document.querySelector('.compare-column')
                ? document.querySelector(`[data-run-id='${run}'] .run-header`)
                : document.querySelector('.run-header');
              return Number(header?.dataset.iterations ?? -1);
            }""";

    private final String mark;
    private final Playwright playwright;
    private final Browser browser;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    private OpenPage(String mark, Playwright playwright, Browser browser) {
        this.mark = mark;
        this.playwright = playwright;
        this.browser = browser;
        this.page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1280, 900));
        page.onPageError(complaints::add);
    }

    /** The browser that the system has; nothing is downloaded. */
    static Optional<Path> chromium() {
        return Stream.concat(
                        Stream.of("/usr/bin", "/usr/local/bin", "/snap/bin"),
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")))
                .flatMap(dir -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(dir, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Opens one.
     *
     * @param chromium from {@link #chromium}
     * @param before JavaScript that runs before the page's own; may be empty
     */
    static OpenPage at(Path chromium, String url, String before) {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        String mark = "--gradwatch-drill=" + UUID.randomUUID();
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setTimeout(180_000)
                        .setArgs(List.of(
                                mark,
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        OpenPage open = new OpenPage(mark, playwright, browser);
        open.page.setDefaultTimeout(180_000);
        if (!before.isEmpty()) {
            open.page.addInitScript(before);
        }
        open.page.navigate(url);
        return open;
    }

    /** Iterations of a run that the page holds now. */
    long held(String run) {
        return ((Number) page.evaluate(HELD, run)).longValue();
    }

    /** Any expression of JavaScript. */
    Object ask(String expression) {
        return page.evaluate(expression);
    }

    /** What its scripts hold in memory after a collection. */
    double heapMegabytes() {
        CDPSession session = page.context().newCDPSession(page);
        try {
            session.send("HeapProfiler.collectGarbage");
            session.send("Performance.enable");
            for (JsonElement metric : session.send("Performance.getMetrics").getAsJsonArray("metrics")) {
                JsonObject pair = metric.getAsJsonObject();
                if (pair.get("name").getAsString().equals("JSHeapUsedSize")) {
                    return pair.get("value").getAsDouble() / 1e6;
                }
            }
            throw new IllegalStateException("the browser does not tell its heap");
        } finally {
            session.detach();
        }
    }

    /** Errors of its scripts. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Stops what draws and runs the page, as a debugger or a machine without memory does. Ask it nothing until it goes on. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        ProcessHandle own = Program.below(ProcessHandle.current(), mark)
                .filter(process -> !Program.commandLine(process.pid()).contains("--type="))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no process of the browser is found"));
        List<ProcessHandle> renderers = Program.below(own, "--type=renderer").toList();
        if (renderers.isEmpty()) {
            throw new IllegalStateException("no renderer of the browser is found");
        }
        for (ProcessHandle renderer : renderers) {
            Program.signal(renderer.pid(), signal);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
