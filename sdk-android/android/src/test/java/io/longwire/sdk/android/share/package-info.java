/** Tests of the package of the same name. */
@NullMarked
package io.longwire.sdk.android.share;

import org.jspecify.annotations.NullMarked;
