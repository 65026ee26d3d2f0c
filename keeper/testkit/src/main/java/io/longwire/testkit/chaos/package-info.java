/**
 * Bad networks on loopback: a TCP proxy that delays, throttles, corrupts, swallows, cuts and resets, on order and
 * with a seed. Read {@link io.longwire.testkit.chaos.ChaosProxy}. Controls are thread-safe; bytes move on virtual
 * threads.
 */
@NullMarked
package io.longwire.testkit.chaos;

import org.jspecify.annotations.NullMarked;
