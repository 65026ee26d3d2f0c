/**
 * Registration of endpoints and their credentials. Called on Netty loops, thread-safe, never blocks. Read
 * {@link io.longwire.dispatcher.endpoints.EndpointsApi} first.
 */
@NullMarked
package io.longwire.dispatcher.endpoints;

import org.jspecify.annotations.NullMarked;
