package io.gradwatch.telemetry.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;

/** The dashboard's files and its libraries, from the class path. */
final class Dashboard {
    /** Libraries have their version in the path. */
    static final String FOR_EVER = "public, max-age=31536000, immutable";

    private Dashboard() {}

    static void mount(Router router) {
        router.route()
                .handler(StaticHandler.create(FileSystemAccess.RELATIVE, "META-INF/resources")
                        .setIndexPage("index.html")
                        .setDirectoryListing(false)
                        .setIncludeHidden(false)
                        // the header is already there, and files in a jar have no times worth comparing
                        .setCachingEnabled(false));
    }
}
