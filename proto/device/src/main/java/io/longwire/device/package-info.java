/**
 * The device protocol: frames, messages, limits and their codec. Pure Java 11 without Netty, shared by room, SDK and
 * load tool. Stateless except {@code FrameReader}, which belongs to one connection.
 */
@NullMarked
package io.longwire.device;

import org.jspecify.annotations.NullMarked;
