/**
 * Who may connect, and how fast. Read {@link io.longwire.room.accept.Gate} first. Thread-safe; called on loops.
 */
@NullMarked
package io.longwire.room.accept;

import org.jspecify.annotations.NullMarked;
