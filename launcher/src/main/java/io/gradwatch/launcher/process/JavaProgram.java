package io.gradwatch.launcher.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Java program to start in a JVM of its own, of the same Java as this one.
 *
 * @param mainClass binary name
 * @param classPath jars and class folders, in order
 * @param jvmArguments options before the class
 * @param arguments of the program
 * @param environment variables that are set in addition to this process's own
 * @param workingDirectory null for this process's own
 */
public record JavaProgram(
        String mainClass,
        List<Path> classPath,
        List<String> jvmArguments,
        List<String> arguments,
        Map<String, String> environment,
        @Nullable Path workingDirectory) {

    public JavaProgram {
        classPath = List.copyOf(classPath);
        jvmArguments = List.copyOf(jvmArguments);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** A program without any options, variables or arguments yet. */
    public static JavaProgram of(String mainClass, List<Path> classPath) {
        return new JavaProgram(mainClass, classPath, List.of(), List.of(), Map.of(), null);
    }

    /** The same program with more JVM options after those that it has. */
    public JavaProgram withJvmArguments(List<String> more) {
        return new JavaProgram(
                mainClass, classPath, joined(jvmArguments, more), arguments, environment, workingDirectory);
    }

    /** The same program with more arguments after those that it has. */
    public JavaProgram withArguments(List<String> more) {
        return new JavaProgram(
                mainClass, classPath, jvmArguments, joined(arguments, more), environment, workingDirectory);
    }

    /** The same program with these variables. */
    public JavaProgram withEnvironment(Map<String, String> variables) {
        return new JavaProgram(mainClass, classPath, jvmArguments, arguments, variables, workingDirectory);
    }

    /** The same program, started in this directory. */
    public JavaProgram in(Path directory) {
        return new JavaProgram(mainClass, classPath, jvmArguments, arguments, environment, directory);
    }

    ProcessBuilder toProcessBuilder() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList()));
        command.add(mainClass);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().put("GRADWATCH_CHILD", "1");
        if (workingDirectory != null) {
            builder.directory(workingDirectory.toFile());
        }
        return builder;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
