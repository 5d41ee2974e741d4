package io.gradwatch.launcher.command;

import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.DataDirectoryLock;
import io.gradwatch.launcher.session.ServiceClient;
import io.gradwatch.launcher.session.ServiceFiles;
import io.gradwatch.launcher.terminal.Problem;

/** Finds the service that runs on a data directory. */
final class RunningService {
    private RunningService() {}

    static ServiceFiles files(Context context, DataDirOption dataDir) {
        DataDirectory directory = dataDir.meant(context.environment());
        return DataDirectoryLock.running(directory)
                .map(instance -> new ServiceFiles(ServiceClient.of(directory, instance)))
                .orElseThrow(() -> Problem.failure("No Gradwatch runs on " + directory.root()
                        + ". Start one with './gradwatch up', or name its directory with --data-dir DIR"));
    }
}
