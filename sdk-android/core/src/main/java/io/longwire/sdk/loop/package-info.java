/**
 * Time and the one thread of the SDK. What belongs to the loop is touched by tasks of the loop alone; on the tests'
 * loop the same code runs on virtual time. Read {@link io.longwire.sdk.loop.Loop} first.
 */
@NullMarked
package io.longwire.sdk.loop;

import org.jspecify.annotations.NullMarked;
