package io.gradwatch.experiments.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the system's loader, and JavaCPP before it, look for shared libraries.
 *
 * @param folders that they look into
 * @param cache the loader's cache: paths that end with a zero byte, among other things
 * @param others folders where CUDA is often installed, but which they do not look into
 */
record NativeLibraries(List<Path> folders, String cache, List<Path> others) {
    private static final Path LOADER_CACHE = Path.of("/etc/ld.so.cache");
    /** JavaCPP's bindings name the second and third folder themselves. */
    private static final List<String> ALWAYS = List.of(
            "/usr/local/cuda-" + CudaBackend.VERSION + "/targets/x86_64-linux/lib",
            "/usr/local/cuda-" + CudaBackend.VERSION + "/lib64",
            "/usr/local/cuda-" + CudaBackend.VERSION + "/lib",
            "/lib",
            "/usr/lib",
            "/lib64",
            "/usr/lib64",
            "/lib/x86_64-linux-gnu",
            "/usr/lib/x86_64-linux-gnu");

    NativeLibraries {
        folders = List.copyOf(folders);
        others = List.copyOf(others);
    }

    static NativeLibraries ofSystem(Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (String folder : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":")) {
            if (!folder.isEmpty()) {
                folders.add(Path.of(folder));
            }
        }
        ALWAYS.forEach(folder -> folders.add(Path.of(folder)));
        return new NativeLibraries(folders, readCache(), installations());
    }

    boolean has(String library) {
        return cache.contains("/" + library + "\0") || folders.stream().anyMatch(f -> Files.exists(f.resolve(library)));
    }

    /** Folders that the loader does not look into, though they have one of these. */
    List<String> foldersWith(List<String> libraries) {
        return others.stream()
                .filter(folder -> libraries.stream().anyMatch(l -> Files.exists(folder.resolve(l))))
                .map(Path::toString)
                .toList();
    }

    /** The cache is binary, but the paths in it are plain. */
    private static String readCache() {
        try {
            return Files.readString(LOADER_CACHE, StandardCharsets.ISO_8859_1);
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    private static List<Path> installations() {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of("/usr/local"), "cuda*")) {
            for (Path folder : folders) {
                found.add(folder.resolve("lib64"));
            }
        } catch (IOException e) {
            // no such folder: nothing to suggest
        }
        for (String more : List.of("/opt/cuda/lib64", "/usr/lib/wsl/lib", "/usr/lib/cuda/lib64")) {
            found.add(Path.of(more));
        }
        return found;
    }

    /** JavaCPP's name of a platform. */
    static String platform(String system, String processor) {
        String os = system.toLowerCase(Locale.ROOT);
        String name = os.startsWith("windows") ? "windows" : os.startsWith("mac") ? "macosx" : os;
        return name + "-" + (processor.equals("amd64") ? "x86_64" : processor.equals("aarch64") ? "arm64" : processor);
    }
}
