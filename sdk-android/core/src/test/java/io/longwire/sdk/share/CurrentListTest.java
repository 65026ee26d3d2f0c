package io.longwire.sdk.share;

import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.store.ListFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which list is in force, and that no older one comes back. */
class CurrentListTest {
    private static final String MAIL = "com.shop.mail";
    private static final String CHAT = "com.shop.chat";

    private final Operator operator = new Operator();
    private final VirtualLoop loop = new VirtualLoop();
    private final ServerTime time = new ServerTime(loop);
    private final long end = loop.wallMillis() + 1_000_000;

    @TempDir
    File directory;

    @Test
    void aNewerListIsInForceAtOnceAndAfterARestart() throws Exception {
        byte[] builtIn = list(3, MAIL, CHAT);
        CurrentList list = open(builtIn);
        AtomicInteger changes = new AtomicInteger();
        list.onChange(changes::incrementAndGet);

        list.take(list(4, MAIL));

        assertThat(changes).hasValue(1);
        assertThat(list.appOf(MAIL, Operator.CERTIFICATE)).isEqualTo(1);
        assertThat(list.appOf(CHAT, Operator.CERTIFICATE)).as("taken off").isZero();
        CurrentList again = open(builtIn);
        assertThat(again.serial()).isEqualTo(4);
        assertThat(again.packages()).containsExactly(MAIL);
    }

    @Test
    void whatIsNoNewerListOfTheGroupLeavesTheOldOne() throws Exception {
        CurrentList list = open(list(3, MAIL, CHAT));
        list.onChange(() -> {
            throw new AssertionError("nothing has changed");
        });
        assertRefused(list, list(3, MAIL), "serial 3 (expected: above 3)");
        assertRefused(list, list(2, MAIL), "serial 2 (expected: above 3)");
        assertRefused(list, list(-1, MAIL), "serial -1 (expected: below 2^63)");
        assertRefused(list, operator.list("bank", 4, end, MAIL), "of group bank (expected: shop)");
        assertRefused(list, new Operator().list("shop", 4, end, MAIL), "signature wrong (expected: the operator's)");
        assertRefused(list, operator.list("shop", 4, loop.wallMillis(), MAIL), "until ");
        assertRefused(list, new byte[]{1, 2, 3}, "expected: a signed list");
        assertRefused(list, new byte[0], "share list: ");
        byte[] whole = list(4, MAIL);
        for (int i = 0; i < whole.length; i += 11) {
            byte[] bent = whole.clone();
            bent[i] ^= 4;
            assertThatThrownBy(() -> list.take(bent)).as("byte %s", i).isInstanceOf(InvalidShareListException.class);
        }
        assertThat(list.packages()).containsExactly(CHAT, MAIL);
        assertThat(list.serial()).isEqualTo(3);
    }

    @Test
    void anOlderBuildOfTheAppDoesNotBringBackWhoWasTakenOff() throws Exception {
        open(list(5, MAIL)).keep();
        assertThat(open(list(4, MAIL, CHAT)).packages()).containsExactly(MAIL);
    }

    @Test
    void aLaterBuildOfTheAppBringsItsList() throws Exception {
        open(list(3, MAIL)).take(list(4, MAIL));
        assertThat(open(list(5, CHAT)).packages()).containsExactly(CHAT);
    }

    @Test
    void aListWithoutANumberCountsAsNoughtAndIsVerifiedAsEver() throws Exception {
        CurrentList list = open(list(0, MAIL));
        assertThat(list.appOf(MAIL, Operator.CERTIFICATE)).isEqualTo(1);
        assertRefused(list, list(0, CHAT), "serial 0 (expected: above 0)");
        list.take(list(1, CHAT));
        assertThat(list.packages()).containsExactly(CHAT);
    }

    @Test
    void aBrokenFileIsDroppedAndMadeAnew() throws Exception {
        open(list(3, MAIL)).take(list(4, MAIL));
        File file = new File(directory, "share-list");
        byte[] content = Files.readAllBytes(file.toPath());
        for (int i = 0; i < content.length; i += 13) {
            byte[] bent = content.clone();
            bent[i] ^= 32;
            Files.write(file.toPath(), bent);
            assertThat(open(list(3, MAIL)).serial()).as("byte %s", i).isEqualTo(3);
        }
        open(list(3, MAIL)).take(list(4, CHAT));
        assertThat(open(list(3, MAIL)).packages()).containsExactly(CHAT);
    }

    @Test
    void whatWasKeptOfAnotherKeyOrGroupCountsAsNothing() throws Exception {
        open(list(9, MAIL)).keep();
        Operator other = new Operator();
        assertThat(CurrentList.open(new ListFile(directory), other.list("shop", 2, end, CHAT), other.key(), "shop",
                time).packages()).containsExactly(CHAT);
        assertThat(CurrentList.open(new ListFile(directory), operator.list("bank", 2, end, CHAT), operator.key(),
                "bank", time).packages()).containsExactly(CHAT);
    }

    @Test
    void aListThatCannotBeKeptIsNotTaken() throws Exception {
        CurrentList list = open(list(3, MAIL));
        assertThat(new File(directory, "share-list.new").mkdir()).isTrue();

        assertThatThrownBy(() -> list.take(list(4, CHAT))).isInstanceOf(IOException.class);
        assertThat(list.packages()).containsExactly(MAIL);
    }

    @Test
    void nobodyBelongsOnceItsTimeIsOverByThePlatformsClock() throws Exception {
        CurrentList list = open(list(3, MAIL));
        loop.setWall(end + 1);
        assertThat(list.isValid()).as("the platform has said nothing").isFalse();

        time.told(end - 1_000);
        assertThat(list.appOf(MAIL, Operator.CERTIFICATE)).isEqualTo(1);
        loop.setWall(end - 500_000); // the user would like to have it back
        loop.advance(1_000);
        assertThat(list.appOf(MAIL, Operator.CERTIFICATE)).isZero();
        assertThat(list.packages()).containsExactly(MAIL);
    }

    @Test
    void aListThatIsOverIsOpenedAndRenewed() throws Exception {
        CurrentList list = open(operator.list("shop", 3, loop.wallMillis() - 1, MAIL));
        assertThat(list.isValid()).isFalse();
        list.take(list(4, MAIL));
        assertThat(list.isValid()).isTrue();
    }

    private byte[] list(long serial, String... packages) {
        return operator.list("shop", serial, end, packages);
    }

    private CurrentList open(byte[] builtIn) throws Exception {
        return CurrentList.open(new ListFile(directory), builtIn, operator.key(), "shop", time);
    }

    private static void assertRefused(CurrentList list, byte[] signed, String why) {
        assertThatThrownBy(() -> list.take(signed)).isInstanceOf(InvalidShareListException.class)
                .hasMessageContaining(why);
    }
}
