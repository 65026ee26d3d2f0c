/**
 * Sends at a later time: kept by the savers, fired by whichever center leases them first. Calls come on any thread;
 * {@link io.longwire.center.schedule.Firing} works on the clock's thread and on those that bring answers. Nothing
 * blocks. Read {@link io.longwire.center.schedule.Schedules} first.
 */
@NullMarked
package io.longwire.center.schedule;

import org.jspecify.annotations.NullMarked;
