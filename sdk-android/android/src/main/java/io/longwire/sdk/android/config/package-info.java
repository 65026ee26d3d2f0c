/**
 * What the app's manifest says. Immutable; read {@link io.longwire.sdk.android.config.Settings} first.
 */
@NullMarked
package io.longwire.sdk.android.config;

import org.jspecify.annotations.NullMarked;
