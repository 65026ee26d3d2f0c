/**
 * The process that stores messages: MySQL remembers, Redis works. Read {@link io.longwire.saver.SaverMain}, then
 * follow {@link io.longwire.saver.append.Appends} and {@link io.longwire.saver.fetch.Fetches}. gRPC threads hand
 * over, nothing in them blocks.
 */
@NullMarked
package io.longwire.saver;

import org.jspecify.annotations.NullMarked;
