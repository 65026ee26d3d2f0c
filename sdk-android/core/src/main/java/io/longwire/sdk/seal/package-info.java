/**
 * Payloads that only their app can read. Any thread. Read {@link io.longwire.sdk.seal.PayloadCipher} first.
 */
@NullMarked
package io.longwire.sdk.seal;

import org.jspecify.annotations.NullMarked;
