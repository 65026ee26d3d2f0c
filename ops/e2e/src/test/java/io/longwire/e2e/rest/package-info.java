/**
 * The REST face as a backend in any language sees it: paths, JSON, status codes. Any thread; calls block. Read
 * {@link io.longwire.e2e.rest.Rest} first.
 */
@NullMarked
package io.longwire.e2e.rest;

import org.jspecify.annotations.NullMarked;
