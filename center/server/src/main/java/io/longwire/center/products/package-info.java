/**
 * Apps and their API keys, for the operator. Any thread, nothing blocks. Read
 * {@link io.longwire.center.products.Products} first.
 */
@NullMarked
package io.longwire.center.products;

import org.jspecify.annotations.NullMarked;
