/**
 * The client in the life of an Android process: read {@link io.longwire.sdk.android.service.PhoneRuntime} first. The
 * components are the main thread's, the runtime is for any thread.
 */
@NullMarked
package io.longwire.sdk.android.service;

import org.jspecify.annotations.NullMarked;
