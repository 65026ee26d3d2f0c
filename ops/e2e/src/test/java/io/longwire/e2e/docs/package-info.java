/**
 * Runs the examples of the documentation as a reader would: shells and Python as processes, Java compiled as it stands.
 * Used by the test's thread. Read {@link io.longwire.e2e.docs.Page} first.
 */
@NullMarked
package io.longwire.e2e.docs;

import org.jspecify.annotations.NullMarked;
