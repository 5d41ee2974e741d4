package io.gradwatch.launcher.fakes;

import io.gradwatch.launcher.command.Context;
import io.gradwatch.launcher.command.GradwatchCommand;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.session.Compute;
import io.gradwatch.launcher.session.Installation;
import io.gradwatch.launcher.terminal.Terminal;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The launcher as it is, with the real broker, but with a service and trainers that do nothing. */
public final class FakeGradwatch {
    private FakeGradwatch() {}

    public static void main(String[] arguments) {
        System.exit(GradwatchCommand.execute(
                new Context(new Fakes(), Terminal.ofProcess(System.getenv()), System.getenv()), arguments));
    }

    public static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    public static final class Fakes implements Installation {
        @Override
        public JavaProgram broker() {
            return Installation.embeddedBroker();
        }

        @Override
        public JavaProgram service() {
            return JavaProgram.of("io.gradwatch.launcher.fakes.FakeService", classPath());
        }

        @Override
        public JavaProgram trainer(Compute compute) {
            return JavaProgram.of("io.gradwatch.launcher.fakes.FakeTrainer", classPath());
        }
    }
}
