/**
 * The phone: its apps, their endpoints and inboxes, the one connection they share, and when to make the next. Belongs
 * to the loop, but for what an app's own thread does in {@link io.longwire.sdk.phone.AppInbox}. Read
 * {@link io.longwire.sdk.phone.Phone} first.
 */
@NullMarked
package io.longwire.sdk.phone;

import org.jspecify.annotations.NullMarked;
