/** Tests of the package of the same name. */
@NullMarked
package io.longwire.sdk.android.network;

import org.jspecify.annotations.NullMarked;
