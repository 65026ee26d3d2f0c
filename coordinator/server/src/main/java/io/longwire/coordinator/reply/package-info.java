/**
 * Answers of products on their way back to the apps that asked: checked by the token of the request, looked up, handed
 * to the room. Nothing is stored. Any thread. Read {@link io.longwire.coordinator.reply.Replies} first.
 */
@NullMarked
package io.longwire.coordinator.reply;

import org.jspecify.annotations.NullMarked;
