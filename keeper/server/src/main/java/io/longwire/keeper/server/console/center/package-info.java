/**
 * What the console asks of center on behalf of its operators. Any thread, blocks. Read
 * {@link io.longwire.keeper.server.console.center.CenterRoutes} first.
 */
@NullMarked
package io.longwire.keeper.server.console.center;

import org.jspecify.annotations.NullMarked;
