/**
 * The endpoints a bench speaks for: minted with the deployment's key, or registered at the dispatcher, kept in a file.
 * Immutable values; used by the thread that starts a role. Read {@link io.longwire.bench.endpoint.EndpointFile} first.
 */
@NullMarked
package io.longwire.bench.endpoint;

import org.jspecify.annotations.NullMarked;
