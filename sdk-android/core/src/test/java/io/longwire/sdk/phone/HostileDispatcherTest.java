package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.RetryPolicy;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A dispatcher that answers with protobuf and lies in it: absurd times, ports, names, policies, credentials; by seeds.
 * The phone must not have a bug, must not spin, and must be online some hours after the dispatcher became honest.
 */
class HostileDispatcherTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final long HOUR = 3_600_000;
    private static final long[] NUMBERS = {0, 1, 7, 99, 443, 65_535, 65_536, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL,
            1_780_000_000_000L, Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE, -1};

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    @AutoClose
    private PhoneStore store;
    private Random random = new Random(0);

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void survivesWhateverItAnswers(long seed) throws IOException {
        random = new Random(seed);
        platform.dispatcher.twisted = this::twisted;
        platform.dispatcher.lists = attempt -> rooms();
        Phone phone = platform.phone(platform.net, store);
        phone.add(APP, "", store.app(7), Runnable::run, (message, again) -> true);
        phone.start();
        for (int hour = 0; hour < 48; hour++) {
            loop.advance(HOUR);
            platform.net.cut();
        }

        assertThat(platform.heard.problems).noneMatch(one -> one.startsWith("bug"));
        assertThat(platform.dispatcher.registrations).as("in two days").isLessThan(10_000);
        assertThat(platform.dispatcher.roomQuestions).as("in two days").isLessThan(10_000);
        assertThat(platform.net.dials).as("in two days").isLessThan(20_000);
        platform.dispatcher.twisted = honest -> honest.toBuilder().setServerTimeMs(loop.wallMillis()).build();
        platform.dispatcher.lists = attempt -> Rooms.newBuilder().setTtlS(86_400).setServerTimeMs(loop.wallMillis())
                .addRooms(RoomAddress.newBuilder().setHost("room").setPort(443).setTls(true)).build();
        loop.advance(48 * HOUR);
        platform.net.cut();
        loop.advance(3 * HOUR);
        assertThat(platform.heard.last().stage()).as(platform.heard.last().reason() + " " + platform.heard.problems)
                .isEqualTo(PhoneStatus.Stage.ONLINE);
    }

    private RegisteredEndpoint twisted(RegisteredEndpoint honest) {
        switch (random.nextInt(6)) {
            case 0 :
                return honest;
            case 1 :
                return changed(honest);
            case 2 :
                return RegisteredEndpoint.getDefaultInstance();
            default :
                RegisteredEndpoint.Builder lie = honest.toBuilder().setServerTimeMs(number()).setExpiresMs(number());
                if (random.nextBoolean()) {
                    lie.setEndpointId(number()).setAppId((int) number()).setEndpoint(text());
                }
                if (random.nextBoolean()) {
                    byte[] garbage = new byte[random.nextInt(300)];
                    random.nextBytes(garbage);
                    lie.setCredential(ByteString.copyFrom(garbage)).setPayloadKey(ByteString.copyFrom(garbage));
                }
                return lie.build();
        }
    }

    // As HttpDispatcher would read it; what it cannot read never comes so far.
    private RegisteredEndpoint changed(RegisteredEndpoint honest) {
        byte[] bytes = honest.toByteArray();
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        try {
            RegisteredEndpoint read = RegisteredEndpoint.parseFrom(bytes);
            return read.getEndpointId() == 0 || read.getCredential().isEmpty() ? honest : read;
        } catch (InvalidProtocolBufferException unreadable) {
            return honest;
        }
    }

    private Rooms rooms() {
        Rooms.Builder rooms = Rooms.newBuilder().setTtlS((int) number()).setServerTimeMs(number())
                .setRetry(RetryPolicy.newBuilder().setFirstWindowMs((int) number()).setBaseMs((int) number())
                        .setCapMs((int) number()).setAskAgainMs((int) number()));
        for (int i = random.nextInt(40); i > 0; i--) {
            rooms.addRooms(RoomAddress.newBuilder().setHost(text()).setPort((int) number())
                    .setTls(random.nextBoolean()).setIdc(text()));
        }
        return rooms.build();
    }

    private String text() {
        String[] texts = {"", "room", "a b", "x".repeat(300), "\u0000", "[::1]", "tls://x", "127.0.0.1", "\n"};
        return texts[random.nextInt(texts.length)];
    }

    private long number() {
        return random.nextInt(3) == 0 ? random.nextLong() : NUMBERS[random.nextInt(NUMBERS.length)];
    }
}
