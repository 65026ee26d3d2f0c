/**
 * Sends that are to happen later, as rows. Centers lease what is due and settle it; nothing fires here. Read {@link
 * io.longwire.saver.schedule.Schedules} first. Statements block cold-call threads.
 */
@NullMarked
package io.longwire.saver.schedule;

import org.jspecify.annotations.NullMarked;
