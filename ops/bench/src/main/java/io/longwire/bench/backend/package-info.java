/**
 * A product's backend that takes callbacks, well or badly. Read {@link io.longwire.bench.backend.ProductBackend}.
 */
@NullMarked
package io.longwire.bench.backend;

import org.jspecify.annotations.NullMarked;
