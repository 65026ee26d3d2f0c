/**
 * The whole platform in one JVM: every part by its own {@code wire} over real sockets, on embedded real stores. Started
 * and closed by one thread. Read {@link io.longwire.cli.platform.Platform} first.
 */
@NullMarked
package io.longwire.cli.platform;

import org.jspecify.annotations.NullMarked;
