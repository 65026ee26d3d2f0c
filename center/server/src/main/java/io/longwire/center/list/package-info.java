/**
 * Uploaded audiences: lists of endpoints that are made part by part, and broadcasts that are stored for each endpoint
 * of one. Thread-safe, nothing blocks. Read {@link io.longwire.center.list.Lists} for the first and {@link
 * io.longwire.center.list.RangeWalk} for the second, and docs/decisions/0018.
 */
@NullMarked
package io.longwire.center.list;

import org.jspecify.annotations.NullMarked;
