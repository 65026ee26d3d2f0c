/**
 * Longwire on Android. {@link io.longwire.sdk.android.Longwire} is all an app needs to begin with. The other packages
 * are the library's own. Any thread may call them.
 */
@NullMarked
package io.longwire.sdk.android;

import org.jspecify.annotations.NullMarked;
