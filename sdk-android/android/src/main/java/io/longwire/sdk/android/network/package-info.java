/**
 * What the phone is connected by. Called on the system's threads; read
 * {@link io.longwire.sdk.android.network.NetworkWatch} first.
 */
@NullMarked
package io.longwire.sdk.android.network;

import org.jspecify.annotations.NullMarked;
