/**
 * What commands share: how they find center, how they read times, how they print. For command threads. Read {@link
 * io.longwire.cli.terminal.Connection} and {@link io.longwire.cli.terminal.Output} first.
 */
@NullMarked
package io.longwire.cli.terminal;

import org.jspecify.annotations.NullMarked;
