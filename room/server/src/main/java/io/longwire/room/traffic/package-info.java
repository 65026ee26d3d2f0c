/**
 * What phones count of their apps' traffic, summed by app. Read {@link io.longwire.room.traffic.TrafficReports} first.
 * Owner: the connection's loop.
 */
@NullMarked
package io.longwire.room.traffic;

import org.jspecify.annotations.NullMarked;
