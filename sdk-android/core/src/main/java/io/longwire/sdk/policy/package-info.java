/**
 * The decisions of the SDK as pure state: time comes in as a number, nothing is called, so a test walks through a day
 * in a millisecond. Owned by the SDK's loop. Read {@link io.longwire.sdk.policy.ReconnectPolicy} first.
 */
@NullMarked
package io.longwire.sdk.policy;

import org.jspecify.annotations.NullMarked;
