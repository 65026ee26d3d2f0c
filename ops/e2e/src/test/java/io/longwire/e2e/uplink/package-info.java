/**
 * What phones send to products, end to end. Read {@link io.longwire.e2e.uplink.UplinkIT} first.
 */
@NullMarked
package io.longwire.e2e.uplink;

import org.jspecify.annotations.NullMarked;
