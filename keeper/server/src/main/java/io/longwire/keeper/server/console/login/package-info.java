/**
 * Signing in and out, and the users' own page. Any thread, blocks. Read
 * {@link io.longwire.keeper.server.console.login.LoginPages} first.
 */
@NullMarked
package io.longwire.keeper.server.console.login;

import org.jspecify.annotations.NullMarked;
