/** Tests of what the bench reads out of pushes. Surefire's thread. Start with {@code PushViewTest}. */
@NullMarked
package io.longwire.bench.message;

import org.jspecify.annotations.NullMarked;
