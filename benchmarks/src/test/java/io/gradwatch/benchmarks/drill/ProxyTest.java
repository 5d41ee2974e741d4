package io.gradwatch.benchmarks.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
    private ServerSocket target;
    private int port;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        target = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        port = Cluster.freePort();
        proxy = new Proxy(port, target.getLocalPort());
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        target.close();
    }

    private Socket client() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void handsOnWhatItGetsBothWays() throws Exception {
        try (Socket client = client();
                Socket server = target.accept()) {
            client.getOutputStream().write(7);
            assertThat(server.getInputStream().read()).isEqualTo(7);
            server.getOutputStream().write(8);
            assertThat(client.getInputStream().read()).isEqualTo(8);
        }
    }

    @Test
    void aCutNetworkSaysNothingAndDeliversWhenItIsWholeAgain() throws Exception {
        try (Socket client = client();
                Socket server = target.accept()) {
            proxy.cut();
            client.getOutputStream().write(7);
            server.setSoTimeout(300);
            assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            proxy.mend();
            server.setSoTimeout(10_000);
            assertThat(server.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void nobodyNewComesThroughACutNetwork() throws Exception {
        proxy.cut();
        target.setSoTimeout(300);
        try (Socket client = client()) {
            client.getOutputStream().write(7);
            assertThatThrownBy(() -> target.accept()).isInstanceOf(SocketTimeoutException.class);
            proxy.mend();
            target.setSoTimeout(10_000);
            try (Socket server = target.accept()) {
                assertThat(server.getInputStream().read()).isEqualTo(7);
            }
        }
    }
}
