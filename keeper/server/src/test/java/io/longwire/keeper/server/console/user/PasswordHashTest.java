package io.longwire.keeper.server.console.user;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PasswordHashTest {
    /** From the test suite of the reference implementation. */
    private static final String REFERENCE = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
            + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    @Test
    void readsWhatTheReferenceImplementationWrote() {
        assertThat(PasswordHash.matches("password", REFERENCE)).isTrue();
        assertThat(PasswordHash.matches("Password", REFERENCE)).isFalse();
    }

    @Test
    void matchesItsOwnAndEachHasItsOwnSalt() {
        String one = PasswordHash.of("correct horse battery");
        String two = PasswordHash.of("correct horse battery");
        assertThat(one).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(two);
        assertThat(PasswordHash.matches("correct horse battery", one)).isTrue();
        assertThat(PasswordHash.matches("correct horse batterz", one)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "password", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$AAAA",
            "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"})
    void whatIsNoHashMatchesNothing(String phc) {
        assertThat(PasswordHash.matches("password", phc)).isFalse();
    }
}
