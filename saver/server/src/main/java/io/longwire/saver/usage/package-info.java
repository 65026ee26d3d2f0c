/**
 * What waits for the endpoints of each app, counted softly, and the quotas on it. Read {@link
 * io.longwire.saver.usage.Usages} first. Counting never blocks; rounds run on virtual threads of their own.
 */
@NullMarked
package io.longwire.saver.usage;

import org.jspecify.annotations.NullMarked;
