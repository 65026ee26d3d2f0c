/**
 * The port: gRPC, REST, the OpenAPI page and the reference page of the framework, on one armeria server. Its event
 * loops never block. Read {@link io.longwire.center.face.ApiServer} first.
 */
@NullMarked
package io.longwire.center.face;

import org.jspecify.annotations.NullMarked;
