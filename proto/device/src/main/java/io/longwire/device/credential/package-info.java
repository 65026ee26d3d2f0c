/**
 * The proof that a phone may speak for an endpoint: credential, delegation, their keys, issue and check. Everything
 * here may be used by any thread. Read {@link io.longwire.device.credential.CredentialVerifier} first.
 */
@NullMarked
package io.longwire.device.credential;

import org.jspecify.annotations.NullMarked;
