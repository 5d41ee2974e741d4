package io.gradwatch.telemetry;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the service listens, and whether encrypted.
 *
 * @param port 0 for any free one
 */
record Endpoint(String host, int port, Optional<Tls> tls) {
    /** PEM files: the certificate with those that vouch for it, and its key. */
    record Tls(Path certificate, Path key) {}

    /** @throws IllegalArgumentException an option cannot be meant; the message says what is accepted */
    static Endpoint of(String host, int port, @Nullable Path certificate, @Nullable Path key) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port is " + port + "; accepted is 0 to 65535");
        }
        if (certificate == null && key == null) {
            return new Endpoint(host, port, Optional.empty());
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException((key == null ? "--tls-key" : "--tls-cert")
                    + " is missing; accepted are both of --tls-cert and --tls-key, or none");
        }
        return new Endpoint(
                host, port, Optional.of(new Tls(readable("--tls-cert", certificate), readable("--tls-key", key))));
    }

    private static Path readable(String option, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IllegalArgumentException(
                    option + " is " + file + ", which cannot be read; accepted is a PEM file");
        }
        return file.toAbsolutePath();
    }

    HttpServerOptions serverOptions() {
        HttpServerOptions options = new HttpServerOptions().setHost(host).setPort(port);
        tls.ifPresent(files -> options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(files.certificate().toString())
                        .setKeyPath(files.key().toString())));
        return options;
    }

    /** Its address, with the port that it got. */
    String url(int actualPort) {
        return (tls.isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + actualPort;
    }
}
