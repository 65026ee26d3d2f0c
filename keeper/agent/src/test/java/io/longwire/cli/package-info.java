/** What stands for the platform's command line where an agent starts something. */
@NullMarked
package io.longwire.cli;

import org.jspecify.annotations.NullMarked;
