/**
 * Slots whose inboxes may not be believed, and how they are refilled. Read {@link io.longwire.saver.cold.ColdSlots},
 * then {@link io.longwire.saver.cold.Repair}. Questions are volatile reads from any thread; rounds run on a virtual
 * thread.
 */
@NullMarked
package io.longwire.saver.cold;

import org.jspecify.annotations.NullMarked;
