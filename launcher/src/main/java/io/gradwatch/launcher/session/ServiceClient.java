package io.gradwatch.launcher.session;

import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.datadir.Instance;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How the commands speak to the service that runs on a data directory: where it is, what proves that they may read that directory,
 * and by which certificate it is known.
 */
public final class ServiceClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final String url;
    private final @Nullable String secret;
    private final HttpClient http;

    private ServiceClient(String url, @Nullable String secret, HttpClient http) {
        this.url = url.replaceAll("/+$", "");
        this.secret = secret;
        this.http = http;
    }

    /**
     * For the service of an instance.
     *
     * @throws Problem its certificate cannot be read any more
     */
    public static ServiceClient of(DataDirectory directory, Instance instance) {
        HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(CONNECT);
        String certificate = instance.tlsCertificate();
        if (certificate != null) {
            http.sslContext(trusting(Path.of(certificate)));
        }
        return new ServiceClient(String.valueOf(instance.url()), secret(directory.accessSecret()), http.build());
    }

    /** Its address, without a slash at the end. */
    String url() {
        return url;
    }

    HttpClient http() {
        return http;
    }

    /** A request for a path below {@code /api/v1}. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/v1" + path));
        return secret == null ? request : request.header("Authorization", "Bearer " + secret);
    }

    /** Null where nobody has ever run a service that asks for one, or the file is of another user. */
    private static @Nullable String secret(Path file) {
        try {
            String secret = Files.readString(file).strip();
            return secret.isEmpty() ? null : secret;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            return null; // the service will say that it wants a token
        }
    }

    /** The service listens under several names, and often certifies itself; it is known by its very certificate. */
    private static SSLContext trusting(Path certificate) {
        try (InputStream in = Files.newInputStream(certificate)) {
            X509Certificate known =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new OneCertificate(known)}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw Problem.failure(
                    "The certificate of the service, " + certificate + ", cannot be read: " + e.getMessage());
        }
    }
}
