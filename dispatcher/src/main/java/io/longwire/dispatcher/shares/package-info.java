/**
 * Lists of those who share a phone's connection, as the operator signed them. Called on Netty loops, thread-safe, never
 * blocks. Read {@link io.longwire.dispatcher.shares.ShareListsApi} first.
 */
@NullMarked
package io.longwire.dispatcher.shares;

import org.jspecify.annotations.NullMarked;
