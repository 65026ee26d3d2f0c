/**
 * What operators see and do in a browser. Any thread. Read
 * {@link io.longwire.keeper.server.console.Console} first.
 */
@NullMarked
package io.longwire.keeper.server.console;

import org.jspecify.annotations.NullMarked;
