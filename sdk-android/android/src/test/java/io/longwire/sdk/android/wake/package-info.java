/** Tests of the package of the same name. */
@NullMarked
package io.longwire.sdk.android.wake;

import org.jspecify.annotations.NullMarked;
