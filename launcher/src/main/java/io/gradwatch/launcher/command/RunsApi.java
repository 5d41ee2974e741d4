package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.DataDirectoryLock;
import io.gradwatch.launcher.datadir.Instance;
import io.gradwatch.launcher.session.ServiceApi;
import io.gradwatch.launcher.session.ServiceClient;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;

/** The service that runs on a data directory. */
final class RunsApi {
    private RunsApi() {}

    /** @throws Problem none runs there */
    static ServiceApi of(Context context, DataDirOption dataDir) {
        DataDirectory directory = dataDir.meant(context.environment());
        Instance instance = DataDirectoryLock.running(directory)
                .orElseThrow(() -> Problem.failure("No Gradwatch runs on " + directory.root()
                        + ". Start one with './gradwatch up', or name its directory with --data-dir DIR"));
        return new ServiceApi(ServiceClient.of(directory, instance));
    }

    /** Prints what a changed field is now. */
    static void told(Context context, JsonNode run, String field) {
        Terminal terminal = context.terminal();
        if (run.path("status").asText().equals("accepted")) {
            terminal.line(run.path("detail").asText());
        } else {
            terminal.line(RunsReport.text(run, "id") + ": " + field + " " + RunsReport.shown(run, field));
        }
    }
}
