/**
 * Apps, API keys and endpoints. Read {@link io.longwire.saver.account.Endpoints} first: the only one on the hot path.
 * Thread-safe; statements run on ledger and cold-call threads.
 */
@NullMarked
package io.longwire.saver.account;

import org.jspecify.annotations.NullMarked;
