/**
 * Apps of one phone that share a connection, as far as Android is concerned: who calls, how bytes go from process to
 * process, who hosts. What is said and what follows from it is {@link io.longwire.sdk.share}'s. Binder threads call in;
 * {@link io.longwire.sdk.android.share.Group} has one thread of its own. Read it first.
 */
@NullMarked
package io.longwire.sdk.android.share;

import org.jspecify.annotations.NullMarked;
