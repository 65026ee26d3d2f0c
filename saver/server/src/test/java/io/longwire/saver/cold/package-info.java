/** COLD slots and their repair. Start with {@link io.longwire.saver.cold.RepairIT}. One thread. */
@NullMarked
package io.longwire.saver.cold;

import org.jspecify.annotations.NullMarked;
