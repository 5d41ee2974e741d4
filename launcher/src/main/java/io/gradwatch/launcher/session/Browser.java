package io.gradwatch.launcher.session;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The user's browser, where there is a screen. */
public final class Browser {
    private Browser() {}

    /**
     * Opens an address in the background.
     *
     * @return false when there is no screen or no way to open it
     */
    public static boolean open(String url, Map<String, String> environment) {
        Optional<List<String>> command = command(System.getProperty("os.name", ""), environment, url);
        if (command.isEmpty()) {
            return false;
        }
        try {
            Process opener = new ProcessBuilder(command.get())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return opener.isAlive() || opener.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** How the system opens addresses; empty where nobody would see it. */
    static Optional<List<String>> command(String system, Map<String, String> environment, String url) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return environment.containsKey("SSH_CONNECTION") ? Optional.empty() : Optional.of(List.of("open", url));
        }
        if (name.startsWith("windows")) {
            return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler", url));
        }
        boolean screen = !environment.getOrDefault("DISPLAY", "").isEmpty()
                || !environment.getOrDefault("WAYLAND_DISPLAY", "").isEmpty();
        return screen ? Optional.of(List.of("xdg-open", url)) : Optional.empty();
    }
}
