package io.gradwatch.benchmarks.drill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The network between two programs: hands on what it gets, unless it is cut. A cut network says nothing: connections stay
 * open, and what was sent on them arrives when it is whole again. Any thread.
 */
final class Proxy implements AutoCloseable {
    private static final int PIECE = 16_384;

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Lock lock = new ReentrantLock();
    private final Condition whole = lock.newCondition();
    private boolean cut; // guarded by lock

    /** @param port of this machine that everything goes to */
    Proxy(int listenAt, int port) throws IOException {
        this.target = port;
        this.server = new ServerSocket(listenAt, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    void cut() {
        set(true);
    }

    void mend() {
        set(false);
    }

    private void set(boolean now) {
        lock.lock();
        try {
            cut = now;
            whole.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitWhole() {
        lock.lock();
        try {
            while (cut) {
                whole.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        try {
            while (true) {
                awaitWhole();
                Socket client = server.accept();
                sockets.add(client);
                daemon(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        awaitWhole();
        try {
            Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(broker);
            daemon(() -> pump(broker, client));
            pump(client, broker);
        } catch (IOException e) {
            end(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] piece = new byte[PIECE];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                awaitWhole();
                out.write(piece, 0, n);
            }
            awaitWhole();
        } catch (IOException e) {
            // one of them has gone
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        mend();
        server.close();
        sockets.forEach(this::end);
    }
}
