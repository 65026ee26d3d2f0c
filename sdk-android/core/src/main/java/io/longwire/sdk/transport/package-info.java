/**
 * Sockets: addresses, dialling with TLS, a wire that sends and hands up bytes. Blocking I/O on threads of its own, two
 * per wire; everything is handed to the loop. Read {@link io.longwire.sdk.transport.Wire} first.
 */
@NullMarked
package io.longwire.sdk.transport;

import org.jspecify.annotations.NullMarked;
