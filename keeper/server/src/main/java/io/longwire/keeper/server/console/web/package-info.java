/**
 * The console's HTTP server: routes, the door in front of them, static files, event streams. A virtual thread for
 * each request, which may block. Read {@link io.longwire.keeper.server.console.web.WebServer} first.
 */
@NullMarked
package io.longwire.keeper.server.console.web;

import org.jspecify.annotations.NullMarked;
