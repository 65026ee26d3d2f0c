/**
 * What outlives the process: one directory, small state files that are replaced whole, and one message log per app.
 * Every file carries checksums; a broken one is dropped and rebuilt, never believed. State files belong to the SDK's
 * loop, a message log guards itself. Read {@link io.longwire.sdk.store.PhoneStore} first.
 */
@NullMarked
package io.longwire.sdk.store;

import org.jspecify.annotations.NullMarked;
