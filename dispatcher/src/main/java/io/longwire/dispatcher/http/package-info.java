/**
 * The HTTP edge of the dispatcher: requests in, bodies out, nothing of the product. Each connection belongs to its
 * Netty
 * loop. Read {@link io.longwire.dispatcher.http.HttpListener} first.
 */
@NullMarked
package io.longwire.dispatcher.http;

import org.jspecify.annotations.NullMarked;
