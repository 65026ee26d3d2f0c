/**
 * What the system grants to the app, and what can be had of it: read {@link io.longwire.sdk.android.system.Mode}
 * first. No thread of its own, nothing kept.
 */
@NullMarked
package io.longwire.sdk.android.system;

import org.jspecify.annotations.NullMarked;
