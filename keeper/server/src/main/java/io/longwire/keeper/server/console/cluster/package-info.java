/**
 * What runs, how it fares, and rooms to be drained. One thread looks, any reads. Read
 * {@link io.longwire.keeper.server.console.cluster.Lookout} first.
 */
@NullMarked
package io.longwire.keeper.server.console.cluster;

import org.jspecify.annotations.NullMarked;
