/**
 * Several apps, each a process of its own, on one connection. Whoever holds it is the host: its {@link
 * io.longwire.sdk.share.Guests} are a small room for the others, who speak the device protocol to it over a
 * {@link io.longwire.sdk.share.Pipe} as they would to a room, with a delegation in place of their credential; so
 * everything an app promises (stored before acked, shown once, kept uplinks) is the same code in a guest. Who hosts is
 * decided by {@link io.longwire.sdk.share.Election} and changed by {@link io.longwire.sdk.share.HandOver}. Belongs to
 * the loop, but for the values. Read {@link io.longwire.sdk.share.Guests} first.
 */
@NullMarked
package io.longwire.sdk.share;

import org.jspecify.annotations.NullMarked;
