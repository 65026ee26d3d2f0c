/** Tests of credentials and delegations. */
@NullMarked
package io.longwire.device.credential;

import org.jspecify.annotations.NullMarked;
