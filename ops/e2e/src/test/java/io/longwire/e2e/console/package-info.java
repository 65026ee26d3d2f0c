/**
 * The console in a real browser, before a real platform. Needs what {@code ops/bin/prepare} installs. Read
 * {@link io.longwire.e2e.console.ConsoleBrowserIT} first.
 */
@NullMarked
package io.longwire.e2e.console;

import org.jspecify.annotations.NullMarked;
