/**
 * Gives a phone its endpoint, a credential and a scattered list of rooms, over plain HTTP requests. Stateless; requests
 * run on Netty loops and never block. Read {@link io.longwire.dispatcher.DispatcherMain} first.
 */
@NullMarked
package io.longwire.dispatcher;

import org.jspecify.annotations.NullMarked;
