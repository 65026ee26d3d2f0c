/** Tests of the coordinator on real stores. Read {@link io.longwire.coordinator.Rig} first. */
@NullMarked
package io.longwire.coordinator;

import org.jspecify.annotations.NullMarked;
