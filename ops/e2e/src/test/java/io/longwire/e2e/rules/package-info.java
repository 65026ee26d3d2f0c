/** The shape of the house, held by tests. Read {@link io.longwire.e2e.rules.ArchitectureTest}. */
@NullMarked
package io.longwire.e2e.rules;

import org.jspecify.annotations.NullMarked;
