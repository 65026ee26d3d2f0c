/**
 * A deployment on this machine for measuring: stores and parts as processes of their own, each with its own
 * configuration file. Started, used and closed by the driver's thread. Read {@link io.longwire.bench.rig.Rig} first.
 */
@NullMarked
package io.longwire.bench.rig;

import org.jspecify.annotations.NullMarked;
