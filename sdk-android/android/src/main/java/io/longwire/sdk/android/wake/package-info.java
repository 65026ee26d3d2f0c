/**
 * Time that goes on while the phone sleeps, and alarms that wake it. Called by the client's loop and by the system's
 * main thread; read {@link io.longwire.sdk.android.wake.Alarms} first.
 */
@NullMarked
package io.longwire.sdk.android.wake;

import org.jspecify.annotations.NullMarked;
