/**
 * Ends sessions: of an endpoint, of all endpoints of an alias, of a whole connection. Read {@link
 * io.longwire.center.kick.Kicks}. Any thread.
 */
@NullMarked
package io.longwire.center.kick;

import org.jspecify.annotations.NullMarked;
