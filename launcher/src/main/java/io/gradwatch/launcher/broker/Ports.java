package io.gradwatch.launcher.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Which TCP ports of this machine are free. Stateless; any thread. An answer may be outdated when it arrives. */
public final class Ports {
    // below the ranges from which systems take ports of outgoing connections, so that a port stays free between starts
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 29_999;

    private Ports() {}

    /** Whether a server could listen on {@code port} of {@code address} now. */
    public static boolean isFree(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // connections of a previous server that linger do not matter
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether something accepts connections on {@code port} of this machine. Blocks for half a second at most. */
    public static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), (int)
                    Duration.ofMillis(500).toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A free port of the loopback interface, from 20000 to 29999 as long as one is free there.
     *
     * @param random where to begin
     * @param taken a port not to choose; 0 for none
     */
    static int pick(RandomGenerator random, int taken) throws IOException {
        int range = HIGHEST - LOWEST + 1;
        int start = random.nextInt(range);
        for (int i = 0; i < range; i++) {
            int port = LOWEST + (start + i) % range;
            if (port != taken && isFree(loopback(), port)) {
                return port;
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        }
    }

    static InetAddress loopback() {
        try {
            return InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("127.0.0.1 is an address", e);
        }
    }
}
