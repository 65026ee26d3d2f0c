/**
 * The device protocol: frames, limits, codes and their codec, for room, SDK and load tool alike. Java 11 on Android
 * API 21, without Netty. Static functions may be called by any thread; a {@link io.longwire.device.FrameReader}
 * belongs to the thread that owns its connection. Read {@link io.longwire.device.FrameType} first.
 */
@NullMarked
package io.longwire.device;

import org.jspecify.annotations.NullMarked;
