/**
 * Who changed what: a record before each change of the operator. Any thread, nothing blocks. Read
 * {@link io.longwire.center.audit.Audit} first.
 */
@NullMarked
package io.longwire.center.audit;

import org.jspecify.annotations.NullMarked;
