/** Tests of the sample app, on Robolectric and a platform of its own; {@code apk} makes and checks the APKs. */
@NullMarked
package io.longwire.demo;

import org.jspecify.annotations.NullMarked;
