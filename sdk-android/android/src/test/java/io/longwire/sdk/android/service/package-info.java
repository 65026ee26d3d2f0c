/** Tests of the package of the same name. */
@NullMarked
package io.longwire.sdk.android.service;

import org.jspecify.annotations.NullMarked;
