package io.gradwatch.launcher.fakes;

import java.util.concurrent.CountDownLatch;

/** A child that behaves as its first argument says. */
public final class FakeChild {
    private FakeChild() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("child is up");
        switch (arguments[0]) {
            case "until-end-of-input" -> Children.awaitEndOfInput();
            case "exit" -> {
                System.err.println("the reason");
                System.exit(Integer.parseInt(arguments[1]));
            }
            case "deaf" -> {
                sun.misc.Signal.handle(new sun.misc.Signal("TERM"), signal -> {});
                System.out.println("deaf now");
                new CountDownLatch(1).await();
            }
            case "environment" ->
                System.out.println(System.getenv("GRADWATCH_CHILD") + " " + System.getenv(arguments[1]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }
}
