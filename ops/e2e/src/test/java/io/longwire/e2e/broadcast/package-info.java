/**
 * Broadcasts over the whole platform: asked for over REST, to phones with the real SDK and to fleets of simulated ones.
 * Surefire's thread. Read {@code BroadcastIT} first.
 */
@NullMarked
package io.longwire.e2e.broadcast;

import org.jspecify.annotations.NullMarked;
