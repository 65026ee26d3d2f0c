/**
 * The {@code longwire} command: runs the platform or one part of it, shows it, and talks to it as a backend or a phone
 * would. Read {@link io.longwire.cli.LongwireCli} first; commands run on the main thread.
 */
@NullMarked
package io.longwire.cli;

import org.jspecify.annotations.NullMarked;
