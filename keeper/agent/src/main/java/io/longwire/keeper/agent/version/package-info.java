/**
 * Versions of the platform on this host: received, checked, unpacked. One at a time. Read
 * {@link io.longwire.keeper.agent.version.Versions} first.
 */
@NullMarked
package io.longwire.keeper.agent.version;

import org.jspecify.annotations.NullMarked;
