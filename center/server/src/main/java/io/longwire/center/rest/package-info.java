/**
 * REST from the same .proto as gRPC: paths and methods come from its {@code google.api.http} annotations, the
 * OpenAPI page from its descriptors. The transcoding is our own because armeria's takes a malformed body for an
 * empty one, skips unknown fields and query parameters, and refuses what {@code curl -d} sends as its content
 * type; a caller of this API is told instead. Any thread, nothing blocks. Read {@link
 * io.longwire.center.rest.RestFace} first.
 */
@NullMarked
package io.longwire.center.rest;

import org.jspecify.annotations.NullMarked;
