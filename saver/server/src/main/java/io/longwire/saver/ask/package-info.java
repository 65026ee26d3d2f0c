/**
 * Questions about messages: where one is, what waits, and whether any was lost. Read {@link
 * io.longwire.saver.ask.Timelines} first. Statements block cold-call threads.
 */
@NullMarked
package io.longwire.saver.ask;

import org.jspecify.annotations.NullMarked;
