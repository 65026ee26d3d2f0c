/**
 * What phones say, for those who come by REST: polls, and the callbacks of an app. The coordinators do it; here it is
 * known who asks. Any thread, nothing blocks. Read {@link io.longwire.center.uplink.UplinkCalls} first.
 */
@NullMarked
package io.longwire.center.uplink;

import org.jspecify.annotations.NullMarked;
