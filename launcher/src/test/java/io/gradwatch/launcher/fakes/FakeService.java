package io.gradwatch.launcher.fakes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Waits for Kafka's port, serves two runs, and ends with its input. */
public final class FakeService {
    static final String RUN = "{\"id\":\"20261123-160512-vgg38-4f2a\",\"name\":\"first\",\"preset\":\"vgg38\","
            + "\"state\":\"running\",\"iteration\":412,\"epoch\":0,\"loss\":4.6049,\"firingAlerts\":1,"
            + "\"startedAt\":\"2026-11-23T16:05:12.000Z\",\"endedAt\":null}";
    static final String OLDER =
            RUN.replace("first", "second").replace("4f2a", "0000").replace("running", "finished");

    private FakeService() {}

    public static void main(String[] arguments) throws Exception {
        Children.ignoreInterrupts();
        String kafka = Children.option(arguments, "--kafka", "");
        int port = Integer.parseInt(Children.option(arguments, "--port", "0"));
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        } catch (BindException e) {
            System.err.println("Port " + port + " is in use, says the service");
            System.exit(2);
            return;
        }
        Thread serving = new Thread(() -> serve(server, kafka), "serving");
        serving.setDaemon(true);
        serving.start();
        Children.awaitEndOfInput();
        System.out.println("stopped cleanly");
        System.exit(0);
    }

    private static void serve(HttpServer server, String kafka) {
        while (!answers(kafka)) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                return;
            }
        }
        server.createContext("/api/v1/runs", FakeService::answer);
        server.createContext("/api/v1/rules/backtest", FakeService::backtest);
        server.start();
        System.out.println("READY http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A run on which nothing fired, whose name tells what was asked for. */
    private static void backtest(HttpExchange exchange) throws IOException {
        String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String body =
                "{\"progress\":{\"run\":0,\"runs\":1,\"iterations\":500}}\n{\"result\":{\"rules\":[],\"runs\":[{\"name\":\"of "
                        + asked.replace("\"", "\\\"")
                        + "\",\"labels\":[\"healthy\"],\"iterations\":700,\"firings\":[]}]}}\n";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String asked = exchange.getRequestURI().toString();
        String body;
        int status = 200;
        if (asked.contains("/runs/compare")) {
            body = "{\"runs\":[" + RUN + "," + OLDER + "],\"equal\":3,\"rows\":[{\"group\":\"parameter\","
                    + "\"name\":\"lr\",\"differs\":true,\"values\":[\"0.1\",null]}]}";
        } else if (asked.contains("q=lr%3C")) {
            status = 400;
            body = "{\"status\":400,\"detail\":\"q: there is no value\",\"caret\":\"lr<\\n   ^\"}";
        } else if (exchange.getRequestMethod().equals("PATCH")) {
            // what was asked for, for the test to see
            String change = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            body = RUN.substring(0, RUN.length() - 1) + ",\"tags\":[\""
                    + change.replaceAll("[^a-zA-Z+-]+", " ").strip() + "\"]}";
        } else if (asked.endsWith("-vgg38-4f2a")) {
            body = RUN;
        } else if (asked.contains("/runs/")) {
            status = 404;
            body = "{\"status\":404,\"detail\":\"there is no run \\\"x\\\"\"}";
        } else if (asked.contains("cursor=page2")) {
            body = "{\"items\":[" + OLDER + "],\"next\":null}";
        } else {
            body = "{\"items\":[" + RUN + "],\"next\":\"page2\"}";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static boolean answers(String kafka) {
        String[] hostAndPort = kafka.split(":");
        try (Socket socket = new Socket(hostAndPort[0], Integer.parseInt(hostAndPort[1]))) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
