/**
 * From CONNECT or BIND to registered sessions. Read {@link io.longwire.room.login.Logins} first, then
 * {@link io.longwire.room.login.Binder}. Owner: the connection's loop.
 */
@NullMarked
package io.longwire.room.login;

import org.jspecify.annotations.NullMarked;
