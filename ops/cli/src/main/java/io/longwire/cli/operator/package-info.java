/**
 * Commands of an operator: apps, keys, the books, the audit log. They run on the main thread. Read {@link
 * io.longwire.cli.operator.AuditCommand} first.
 */
@NullMarked
package io.longwire.cli.operator;

import org.jspecify.annotations.NullMarked;
