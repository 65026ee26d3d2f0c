/**
 * The books: does every accepted message live or have an end. Any thread, nothing blocks. Read
 * {@link io.longwire.center.ledger.Conservation} first.
 */
@NullMarked
package io.longwire.center.ledger;

import org.jspecify.annotations.NullMarked;
