/**
 * What this register may say about each slot: whether it owns it, since when, and whether every live room has told
 * it all. Read {@link io.longwire.register.slots.Ownership} first. Maps and members arrive on the cluster's thread,
 * rooms report on rpc threads; what lookups read is volatile.
 */
@NullMarked
package io.longwire.register.slots;

import org.jspecify.annotations.NullMarked;
