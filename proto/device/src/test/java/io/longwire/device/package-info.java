/**
 * Tests of frames, codes and limits. {@link io.longwire.device.GoldenFramesTest} holds the bytes of every released
 * version.
 */
@NullMarked
package io.longwire.device;

import org.jspecify.annotations.NullMarked;
