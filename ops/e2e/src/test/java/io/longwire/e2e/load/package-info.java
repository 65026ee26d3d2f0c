/**
 * Sends under load, and judges what became of them. Senders are virtual threads of their own. Read
 * {@link io.longwire.e2e.load.Load} first.
 */
@NullMarked
package io.longwire.e2e.load;

import org.jspecify.annotations.NullMarked;
