/**
 * The library on Androids of several versions, by Robolectric: the framework's real code, with shadows where no system
 * is below it. Read {@link io.longwire.sdk.android.TestPhone} first.
 */
@NullMarked
package io.longwire.sdk.android;

import org.jspecify.annotations.NullMarked;
