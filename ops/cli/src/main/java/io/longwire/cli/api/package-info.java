/**
 * What the command line asks of center, over the REST face a product backend would use. Blocking, for command threads.
 * Read {@link io.longwire.cli.api.CenterApi} first.
 */
@NullMarked
package io.longwire.cli.api;

import org.jspecify.annotations.NullMarked;
