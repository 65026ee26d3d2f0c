/** Tests of the package of the same name. */
@NullMarked
package io.longwire.sdk.android.system;

import org.jspecify.annotations.NullMarked;
