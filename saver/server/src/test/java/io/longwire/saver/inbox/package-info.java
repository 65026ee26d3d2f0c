/** The scripts on a real Redis. Start with {@link io.longwire.saver.inbox.InboxIT}. One thread. */
@NullMarked
package io.longwire.saver.inbox;

import org.jspecify.annotations.NullMarked;
