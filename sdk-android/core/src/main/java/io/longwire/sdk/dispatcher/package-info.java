/**
 * What the phone asks over HTTP: an endpoint with its credential, and a list of rooms. Blocking calls, made on a thread
 * of their own. Read {@link io.longwire.sdk.dispatcher.Dispatcher} first.
 */
@NullMarked
package io.longwire.sdk.dispatcher;

import org.jspecify.annotations.NullMarked;
