/**
 * Who owns which slot: made by the leading keeper from the live registers, and published. Pure but for the publisher,
 * which belongs to one thread. Read {@link io.longwire.keeper.server.slots.SlotMapMaker} first.
 */
@NullMarked
package io.longwire.keeper.server.slots;

import org.jspecify.annotations.NullMarked;
