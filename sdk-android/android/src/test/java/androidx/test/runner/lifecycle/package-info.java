/** Stubs of what Robolectric touches of a library that Maven Central does not have. */
@NullMarked
package androidx.test.runner.lifecycle;

import org.jspecify.annotations.NullMarked;
