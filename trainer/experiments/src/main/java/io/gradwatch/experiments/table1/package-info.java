/**
 * The paper's Table 1, trained again: which runs it takes, what has become of each, the figures beside the paper's, and
 * the table as text, Markdown, CSV and JSON.
 *
 * <p>Plan, book, statistics, table and writers are values and functions of values; files and training are behind {@link
 * io.gradwatch.experiments.table1.BookFile} and {@link io.gradwatch.experiments.table1.RowTrainer}. Depends on {@code
 * experiments.network} and {@code experiments.run}, not on the command line.
 *
 * <p>Everything runs on the thread that trains; records may be shared.
 */
@NullMarked
package io.gradwatch.experiments.table1;

import org.jspecify.annotations.NullMarked;
