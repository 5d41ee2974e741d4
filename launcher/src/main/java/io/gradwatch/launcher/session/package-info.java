/**
 * What runs together: the broker and the service on a data directory, the trainers beside them, and their ordered end.
 *
 * <p>Depends on the process, broker, datadir and terminal packages; knows nothing of the command line. Sessions are used
 * by the main thread; what they tell of their children comes on the children's threads.
 */
@NullMarked
package io.gradwatch.launcher.session;

import org.jspecify.annotations.NullMarked;
