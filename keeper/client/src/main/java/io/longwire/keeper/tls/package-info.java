/**
 * Certificates and keys of what listens with TLS, as they stand in their files now. Thread-safe. Read {@link
 * io.longwire.keeper.tls.TlsFiles} first.
 */
@NullMarked
package io.longwire.keeper.tls;

import org.jspecify.annotations.NullMarked;
