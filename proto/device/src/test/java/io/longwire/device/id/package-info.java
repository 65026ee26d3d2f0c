/** Tests of ids and their texts. */
@NullMarked
package io.longwire.device.id;

import org.jspecify.annotations.NullMarked;
