package io.longwire.e2e.life;

import io.longwire.cli.LongwireCli;
import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.sdk.share.AllowList;
import io.longwire.sdk.store.ListFile;
import io.longwire.sdk.store.v1.KeptShareList;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The list of those who share a connection, all the way: signed and rolled out by the commands an operator types, given
 * by the dispatcher, taken by a phone whose app came with an older one, and kept by it.
 */
class ShareListIT {
    private static final String GROUP = "the shop's";
    private static final String MAIL = "com.shop.mail";
    private static final String CHAT = "com.shop.chat";
    private static final String CERTIFICATE = "0f".repeat(32);
    private static final Duration EIGHT_DAYS = Duration.ofDays(8);

    private final SharedPlatform shared = SharedPlatform.get();
    private final Path operator = Place.fresh("share-list-operator");
    private final Scene scene = new Scene("share-list");
    private boolean published;

    @AfterEach
    void end() throws Exception {
        scene.close();
        if (published) {
            publish("");
        }
    }

    @Test
    void aPhoneTakesANewerListOfItsOperatorAndNoOther() throws Exception {
        Signed first = sign("share.key", 1, MAIL);
        Signed second = sign("share.key", 2, MAIL, CHAT);
        Phone phone = scene.phones.add(scene.product).sharers(first.list(), first.key(), GROUP);
        phone.start();
        phone.awaitOnline(LIMIT);
        assertThat(phone.shareList().packages()).containsExactly(MAIL);
        phone.stop();

        publish(second.howToPublish());
        asks(phone);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.shareList().serial()).isEqualTo(2));
        assertThat(phone.shareList().packages()).containsExactly(CHAT, MAIL);
        assertThat(phone.shareList().appOf(CHAT, HexFormat.of().parseHex(CERTIFICATE))).isEqualTo(8);
        phone.stop();
        assertThat(kept(phone)).isEqualTo(second.list());

        publish(first.howToPublish());
        assertThat(offered(0)).as("the dispatcher has the older one").isEqualTo(first.list());
        assertThat(offered(2)).isEmpty();
        asks(phone);
        phone.stop();
        assertThat(phone.shareList().serial()).as("not taken back, whatever the app came with").isEqualTo(2);
        assertThat(kept(phone)).isEqualTo(second.list());

        Signed strange = sign("another.key", 3, "com.evil");
        publish(strange.howToPublish());
        asks(phone);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(phone.story())
                .contains("dispatcher: share list: signature wrong (expected: the operator's)"));
        phone.stop();
        assertThat(phone.shareList().packages()).containsExactly(CHAT, MAIL);
        assertThat(kept(phone)).isEqualTo(second.list());
    }

    /** A list that was signed, and what the command says to put into the dispatchers' configuration. */
    private static final class Signed {
        private final String printed;

        Signed(String printed) {
            this.printed = printed;
        }

        byte[] list() {
            return value("share_list");
        }

        byte[] key() {
            return value("share_key");
        }

        String howToPublish() {
            return printed.replaceAll("(?s).*?(shareLists:.*)-->.*", "$1");
        }

        private byte[] value(String name) {
            Matcher found = Pattern.compile("io.longwire." + name + "\" android:value=\"([^\"]*)\"").matcher(printed);
            assertThat(found.find()).as("%s in %s", name, printed).isTrue();
            return Base64.getDecoder().decode(found.group(1));
        }
    }

    private Signed sign(String key, long serial, String... packages) throws Exception {
        var args = new ArrayList<>(List.of("share-list", "--key", operator.resolve(key).toString(), "--group", GROUP,
                "--serial", Long.toString(serial)));
        for (String name : packages) {
            args.addAll(List.of("--member", name + "=" + (name.equals(MAIL) ? 7 : 8) + ":" + CERTIFICATE));
        }
        var signed = new Signed(run(args));
        assertThat(AllowList.read(signed.list(), signed.key(), GROUP).serial()).isEqualTo(serial);
        return signed;
    }

    /** The dispatchers go by this layer from now on. */
    private void publish(String yaml) throws Exception {
        Path layer = Files.writeString(operator.resolve("layer.yaml"), yaml);
        published = true;
        keeper("config", "set", "dispatcher", "--file", layer.toString(), "-m", "who shares");
        assertThat(keeper("config", "rollout", "dispatcher", "--observe", "300ms", "--bake", "300ms"))
                .contains("done: in force for all");
    }

    private String keeper(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--keeper", shared.platform().keeper(), "--key", shared.platform().adminKey()));
        return run(all);
    }

    private static String run(List<String> args) {
        var out = new StringWriter();
        var writer = new PrintWriter(out, true);
        assertThat(LongwireCli.run(writer, writer, args.toArray(String[]::new))).as("%s: %s", args, out).isZero();
        return out.toString();
    }

    /** Starts the phone, which was off, more than a week after it asked last, and waits until it has its answer. */
    private static void asks(Phone phone) throws Exception {
        var file = new ListFile(phone.files().toFile());
        KeptShareList kept = file.read();
        file.keep(kept.toBuilder().setAskedMs(kept.getAskedMs() - EIGHT_DAYS.toMillis()).build());
        Path bytes = phone.files().resolve("share-list");
        byte[] before = Files.readAllBytes(bytes);
        phone.start();
        phone.awaitOnline(LIMIT);
        await().atMost(LIMIT).until(() -> !Arrays.equals(Files.readAllBytes(bytes), before));
    }

    /** While the phone is off: the list that it starts with, if its app has no newer one. */
    private static byte[] kept(Phone phone) throws Exception {
        return new ListFile(phone.files().toFile()).read().getSigned().toByteArray();
    }

    /** What the dispatcher gives to a phone that has this one; empty = nothing newer. */
    private byte[] offered(long above) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return PublishedShareList.parseFrom(http.send(HttpRequest.newBuilder(URI.create(
                    shared.platform().dispatcher() + "/v1/share-lists/the%20shop's?above=" + above))
                    .header("Accept", "application/x-protobuf").build(), BodyHandlers.ofByteArray()).body())
                    .getSigned().toByteArray();
        }
    }
}
