/**
 * The Longwire client: one connection of one phone, shared by its apps. Its methods may be called by any thread; every
 * listener says on which thread it is called. Read {@link io.longwire.sdk.LongwireClient} first.
 */
@NullMarked
package io.longwire.sdk;

import org.jspecify.annotations.NullMarked;
