/**
 * The table of the API's calls, the same for both faces, and the door in front of it: who calls, may they. Any thread,
 * nothing blocks. Read {@link io.longwire.center.api.Calls} first.
 */
@NullMarked
package io.longwire.center.api;

import org.jspecify.annotations.NullMarked;
