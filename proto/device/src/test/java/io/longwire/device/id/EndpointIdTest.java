package io.longwire.device.id;

import io.longwire.device.id.InvalidIdException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class EndpointIdTest {
    private static final byte[] KEY = "golden endpoint key, not secret.".getBytes(StandardCharsets.US_ASCII);

    private final EndpointId ids = new EndpointId(KEY);

    @Property
    void survivesItsText(@ForAll int app, @ForAll long id) {
        String text = ids.text(app, id);

        assertThat(text).hasSize(23).startsWith("ep_");
        assertThat(ids.parse(app, text)).isEqualTo(id);
        assertThat(ids.parse(app, "ep_" + text.substring(3).toUpperCase(Locale.ROOT))).isEqualTo(id);
    }

    @Property
    void isRefusedToAnotherApp(@ForAll int app, @ForAll long id) {
        assertThat(reason(ids, app + 1, ids.text(app, id))).isEqualTo(Reason.TAG);
    }

    @Property(tries = 2000)
    void answersOtherTextsWithATypedErrorAlone(@ForAll @StringLength(max = 30) String text) {
        assertThat(reason(ids, 1, text)).isNotNull();
        assertThat(reason(ids, 1, "ep_" + text)).isNotNull();
    }

    @Example
    void holdsTheVectorOfVersion1() {
        assertThat(ids.text(7, 0x0123456789ABCDEFL)).isEqualTo("ep_04hmasw9nf6yynwedk80");
    }

    @Example
    void refusesEveryChangeOfOneCharacter() {
        String text = ids.text(7, 0x0123456789ABCDEFL);

        for (int i = EndpointId.PREFIX.length(); i < text.length(); i++) {
            char other = text.charAt(i) == 'x' ? 'y' : 'x';
            String changed = text.substring(0, i) + other + text.substring(i + 1);
            assertThat(reason(ids, 7, changed)).as(changed).isNotNull();
        }
    }

    @Example
    void refusesTextsOfAnotherKey() {
        EndpointId others = new EndpointId(new byte[32]);

        assertThat(reason(ids, 7, others.text(7, 99))).isEqualTo(Reason.TAG);
    }

    @Example
    void saysWhatIsWrong() {
        InvalidIdException error = catchThrowableOfType(InvalidIdException.class, () -> ids.parse(7, "banana"));

        assertThat(error.reason()).isEqualTo(Reason.SHAPE);
        assertThat(error).hasMessage("endpoint: banana (expected: ep_ and 20 characters)");
        assertThat(reason(ids, 7, "ep_0000000000000000000u")).isEqualTo(Reason.ALPHABET);
        assertThat(reason(ids, 7, "ep_00000000000000000001")).isEqualTo(Reason.ALPHABET);
        assertThat(catchThrowableOfType(InvalidIdException.class, () -> ids.parse(7, "x".repeat(1000))).getMessage())
                .hasSizeLessThan(120);
    }

    @Example
    void givesTheSlotByTheLowTwelveBits() {
        assertThat(EndpointId.slot(-1L)).isEqualTo(4095);
        assertThat(EndpointId.slot(0x7FFF_FFFF_FFFF_F001L)).isEqualTo(1);
    }

    private static @org.jspecify.annotations.Nullable Reason reason(EndpointId ids, int app, String text) {
        try {
            ids.parse(app, text);
            return null;
        } catch (InvalidIdException e) {
            return e.reason();
        }
    }
}
