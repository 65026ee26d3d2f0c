/** Tests of the package of the same name, with streams and a cluster that do as the test says. */
@NullMarked
package io.longwire.register.client;

import org.jspecify.annotations.NullMarked;
