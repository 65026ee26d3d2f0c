/**
 * Who may tell an agent what to do: Ed25519 keys, and what they sign. Thread-safe. Read
 * {@link io.longwire.keeper.trust.TrustedKeys} first.
 */
@NullMarked
package io.longwire.keeper.trust;

import org.jspecify.annotations.NullMarked;
