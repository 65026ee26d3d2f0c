/**
 * HTTP calls that end in time. Any thread, blocks. Read {@link io.longwire.keeper.server.console.fetch.Fetch} first.
 */
@NullMarked
package io.longwire.keeper.server.console.fetch;

import org.jspecify.annotations.NullMarked;
