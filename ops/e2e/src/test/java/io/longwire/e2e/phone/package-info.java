/**
 * Phones of tests: the real SDK, with listeners that write into the history. Any thread. Read
 * {@link io.longwire.e2e.phone.Phone} first.
 */
@NullMarked
package io.longwire.e2e.phone;

import org.jspecify.annotations.NullMarked;
