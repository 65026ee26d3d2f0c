package io.longwire.saver.account;

/** Everything about apps, keys and endpoints that is asked for by cold calls. */
public record Accounts(Apps apps, Keys keys, Registration registration, Deletion deletion) {
}
