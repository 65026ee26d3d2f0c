/** Certificates for tests of TLS. Read {@link io.longwire.testkit.tls.Certificate}. */
@NullMarked
package io.longwire.testkit.tls;

import org.jspecify.annotations.NullMarked;
