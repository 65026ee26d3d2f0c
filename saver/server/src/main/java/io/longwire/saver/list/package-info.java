/**
 * Uploaded audiences: parts come in any order and are laid out by range, sealing sorts range by range and cuts chunks,
 * centers read those. Read {@link io.longwire.saver.list.Lists} first, then {@link io.longwire.saver.list.ListSeals}.
 * Statements block cold-call threads of their own.
 */
@NullMarked
package io.longwire.saver.list;

import org.jspecify.annotations.NullMarked;
