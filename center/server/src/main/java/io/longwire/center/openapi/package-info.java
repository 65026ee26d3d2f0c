/**
 * The OpenAPI document, made from the .proto's descriptors and comments at start, and a page that shows it.
 * Immutable. Read {@link io.longwire.center.openapi.OpenApi} first.
 */
@NullMarked
package io.longwire.center.openapi;

import org.jspecify.annotations.NullMarked;
