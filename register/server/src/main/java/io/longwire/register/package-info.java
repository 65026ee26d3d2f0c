/**
 * The register: where the session of each endpoint is, in memory, rebuilt from the rooms. Read {@link
 * io.longwire.register.RegisterMain} first: it puts the parts together. Wiring belongs to the starting thread.
 */
@NullMarked
package io.longwire.register;

import org.jspecify.annotations.NullMarked;
