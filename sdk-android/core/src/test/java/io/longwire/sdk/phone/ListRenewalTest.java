package io.longwire.sdk.phone;

import io.longwire.device.v1.Connect;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.dispatcher.DispatcherFailure.Kind;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.Operator;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** How often a phone asks for a newer list of those who share, in virtual weeks, and what it does with the answer. */
class ListRenewalTest {
    private static final String APP = "ak_7_000102030405060708090a0b0c0d0e0f";
    private static final String MAIL = "com.shop.mail";
    private static final String CHAT = "com.shop.chat";
    private static final long DAY = 86_400_000;

    @TempDir
    File directory;
    private final Operator operator = new Operator();
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final VirtualPlatform.FakeAsked dispatcher = platform.dispatcher;
    private final long end = loop.wallMillis() + 400 * DAY;
    private @Nullable Phone phone;
    private @Nullable CurrentList list;

    @AfterEach
    void close() {
        Phone known = phone;
        if (known != null) {
            known.stop();
        }
    }

    @Test
    void asksAboutOnceAWeek() throws Exception {
        start(list(3, MAIL));
        loop.advance(70 * DAY);
        assertThat(dispatcher.listQuestions).isBetween(8, 12);
        assertThat(dispatcher.askedFor).isEqualTo("shop above 3");
        assertThat(platform.heard.problems).isEmpty();
    }

    @Test
    void processesThatEndAskNoMoreOften() throws Exception {
        for (int start = 0; start < 140; start++) {
            start(list(3, MAIL));
            loop.advance(DAY / 2);
            Objects.requireNonNull(phone).stop();
        }
        assertThat(dispatcher.listQuestions).isBetween(8, 12);
    }

    @Test
    void phonesThatGotTheirListTogetherAskApart() throws Exception {
        int early = 0;
        for (int i = 0; i < 40; i++) {
            directory = new File(directory, "next");
            int before = dispatcher.listQuestions;
            start(list(3, MAIL));
            loop.advance(3 * DAY);
            early += dispatcher.listQuestions - before;
            Objects.requireNonNull(phone).stop();
        }
        assertThat(early).as("of 40, in the first three days of seven").isBetween(6, 30);
    }

    @Test
    void setsNoTimerOfItsOwnAndAsksNothingWithoutAConnection() throws Exception {
        start(operator.list("shop", 3, loop.wallMillis() - 1, MAIL));
        Objects.requireNonNull(phone).network(Network.NONE);
        loop.advance(1);
        int timers = loop.waiting();
        int asked = dispatcher.listQuestions;
        loop.advance(30 * DAY);
        assertThat(loop.waiting()).isLessThanOrEqualTo(timers);
        assertThat(dispatcher.listQuestions).isEqualTo(asked);
    }

    @Test
    void aListThatIsOverIsRenewedAtOnceAndElseOnceADay() throws Exception {
        start(operator.list("shop", 3, loop.wallMillis() - 1, MAIL));
        loop.advance(60_000);
        assertThat(dispatcher.listQuestions).isEqualTo(1);
        loop.advance(10 * DAY);
        assertThat(dispatcher.listQuestions).isBetween(9, 12);

        dispatcher.published = list(4, MAIL);
        loop.advance(2 * DAY);
        assertThat(list().isValid()).isTrue();
        assertThat(list().serial()).isEqualTo(4);
    }

    @Test
    void aListThatEndsSoonIsAskedForDaily() throws Exception {
        start(operator.list("shop", 3, loop.wallMillis() + 6 * DAY, MAIL));
        loop.advance(5 * DAY);
        assertThat(dispatcher.listQuestions).isBetween(4, 6);
    }

    @Test
    void takesWhatTheOperatorHasSignedAndKeepsIt() throws Exception {
        start(list(3, MAIL, CHAT));
        dispatcher.published = list(4, MAIL);
        loop.advance(8 * DAY);
        assertThat(list().packages()).containsExactly(MAIL);

        Objects.requireNonNull(phone).stop();
        dispatcher.published = null;
        start(list(3, MAIL, CHAT));
        assertThat(list().packages()).containsExactly(MAIL);
    }

    @Test
    void whatCannotBeTakenIsToldAndTheOldListStays() throws Exception {
        start(list(3, MAIL, CHAT));
        assertNotTaken(new Operator().list("shop", 4, end, MAIL), "dispatcher: share list: signature wrong");
        assertNotTaken(operator.list("bank", 4, end, MAIL), "dispatcher: share list: of group bank (expected: shop)");
        assertNotTaken(list(2, MAIL), "dispatcher: share list: serial 2 (expected: above 3)");
        assertNotTaken("<html>log in</html>".getBytes(StandardCharsets.UTF_8), "dispatcher: share");
        assertNotTaken(new byte[60_000], "dispatcher: share list: ");
    }

    @Test
    void aDispatcherWithoutAListIsAskedAgainInAWeekOneThatIsAwayEverLater() throws Exception {
        start(list(3, MAIL));
        dispatcher.listFailure = new DispatcherFailure(Kind.REFUSED, "url: 404 no_share_list", 0);
        loop.advance(28 * DAY);
        assertThat(dispatcher.listQuestions).isBetween(3, 5);
        assertThat(platform.heard.problems).contains("share list: url: 404 no_share_list");

        int before = dispatcher.listQuestions;
        dispatcher.listFailure = new DispatcherFailure(Kind.UNREACHABLE, "answer: 200, text/html", 0);
        loop.advance(8 * DAY);
        int asked = dispatcher.listQuestions - before;
        assertThat(asked).isBetween(1, 14);
        assertThat(platform.heard.problems).contains("share list: answer: 200, text/html");

        dispatcher.listFailure = null;
        dispatcher.published = list(4, CHAT);
        loop.advance(9 * DAY);
        assertThat(list().packages()).containsExactly(CHAT);
    }

    @Test
    void thePlatformsTimeIsLearnedFromTheAnswer() throws Exception {
        loop.setWall(end + DAY); // the user's clock is ahead of the list's end
        dispatcher.listTime = end - 100 * DAY;
        start(list(3, MAIL));
        loop.advance(60_000);
        assertThat(dispatcher.listQuestions).isEqualTo(1);
        assertThat(list().isValid()).isTrue();
    }

    private void assertNotTaken(byte[] bytes, String problem) {
        platform.heard.problems.clear();
        dispatcher.published = bytes;
        loop.advance(9 * DAY);
        assertThat(platform.heard.problems).anyMatch(one -> one.startsWith(problem));
        assertThat(list().packages()).containsExactly(CHAT, MAIL);
        assertThat(list().serial()).isEqualTo(3);
    }

    private byte[] list(long serial, String... packages) {
        return operator.list("shop", serial, end, packages);
    }

    private CurrentList list() {
        return Objects.requireNonNull(list);
    }

    private void start(byte[] builtIn) throws Exception {
        PhoneStore open = PhoneStore.open(directory, false);
        PhoneSettings settings = new PhoneSettings(Connect.getDefaultInstance(), 1, false, true, 0, 0);
        Phone made = new Phone(loop, platform.net, dispatcher, Runnable::run, open, settings, platform.heard);
        phone = made;
        made.add(APP, "", open.app(7), Runnable::run, (message, again) -> true);
        CurrentList opened = CurrentList.open(open.listFile(), builtIn, operator.key(), "shop", made.time());
        list = opened;
        made.renew(opened);
        made.start();
        loop.advance(1);
    }
}
