/**
 * Opens sealed payloads by Tink. Read {@link io.longwire.sdk.tink.TinkPayloadCipher}. Any thread.
 */
@NullMarked
package io.longwire.sdk.tink;

import org.jspecify.annotations.NullMarked;
