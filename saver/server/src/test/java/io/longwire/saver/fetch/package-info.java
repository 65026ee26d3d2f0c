/** Fetches on real stores. Start with {@link io.longwire.saver.fetch.HeadlessIT}. One thread. */
@NullMarked
package io.longwire.saver.fetch;

import org.jspecify.annotations.NullMarked;
