package io.longwire.sdk;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.sdk.TestPhone.APP_7;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Aliases, tags and attributes from the app to a room, on a real socket. */
class ProfileIT {
    @TempDir
    File directory;
    @AutoClose
    private final FakePlatform platform = new FakePlatform();
    private final FakeRoom room = platform.onlyRoom();

    @Test
    void bindsAnAliasAndSaysSoWhenItIsDurable() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            List<ProfileChange.Result> heard = new CopyOnWriteArrayList<>();
            ProfileChange change = shown.app().bindAlias("user-42").whenDone(heard::add);

            Profile profile = link.take(FrameType.PROFILE, Profile.parser());
            assertThat(profile.getEndpointId()).isEqualTo(link.host);
            assertThat(profile.getBindAliasesList()).containsExactly("user-42");
            assertThat(change.result()).isNull();
            answer(link, profile, Code.OK);

            assertThat(Objects.requireNonNull(change.await(10_000)).isApplied()).isTrue();
            await().until(() -> heard.size() == 1);
            assertThat(change.whenDone(heard::add)).isSameAs(change);
            await().until(() -> heard.size() == 2);
        }
    }

    @Test
    void keepsWishesUntilARoomHasThemOverARestartTheNewestOfEachName() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            LongwireApp app = shown.app();
            ProfileChange first = app.addTags("gold");
            app.setAttributes(Map.of("plan", "monthly"));
            app.bindAlias("user-1");
            app.setAttributes(Map.of("plan", "yearly"));
            ProfileChange last = app.removeTags("gold");

            assertThat(Objects.requireNonNull(first.await(10_000)).status()).isEqualTo(ProfileChange.Status.REPLACED);
            phone.client.stop();
            assertThat(Objects.requireNonNull(last.await(10_000)).status()).isEqualTo(ProfileChange.Status.KEPT);
            assertThat(Objects.requireNonNull(app.addTags("late").result()).status())
                    .isEqualTo(ProfileChange.Status.REFUSED);
        }
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Profile lost = link.take(FrameType.PROFILE, Profile.parser());
            assertThat(lost.getBindAliasesList()).containsExactly("user-1");
            assertThat(lost.getAddTagsList()).isEmpty();
            assertThat(lost.getRemoveTagsList()).containsExactly("gold");
            assertThat(lost.getSetAttributesMap()).isEqualTo(Map.of("plan", "yearly"));
            link.cut();

            FakeLink second = room.next();
            Profile again = second.take(FrameType.PROFILE, Profile.parser());
            assertThat(again.toBuilder().setReqId(lost.getReqId()).clearBindAgeMs().build())
                    .isEqualTo(lost.toBuilder().clearBindAgeMs().build());
            assertThat(lost.getBindAgeMs(0)).as("since the wish, over the restart").isPositive();
            assertThat(again.getBindAgeMs(0)).isGreaterThan(lost.getBindAgeMs(0));
            answer(second, again, Code.OK);
            Profile next = after(second, shown.app().addTags("silver"));
            assertThat(next.getAddTagsList()).containsExactly("silver");
            assertThat(next.getBindAliasesList()).isEmpty();
        }
    }

    @Test
    void aTopicIsATagOfItsOwnName() throws Exception {
        String longest = "t".repeat(58);
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            app.subscribe("news");
            app.subscribe(longest);
            app.unsubscribe("sport");
            phone.start();

            Profile profile = room.next().take(FrameType.PROFILE, Profile.parser());

            assertThat(profile.getAddTagsList()).containsExactly("topic:news", "topic:" + longest);
            assertThat(profile.getRemoveTagsList()).containsExactly("topic:sport");
            assertThatThrownBy(() -> app.subscribe("")).isInstanceOf(LongwireException.class)
                    .hasMessage("topic: 0 characters (expected: 1 to 58)");
            assertThatThrownBy(() -> app.unsubscribe(longest + "t")).isInstanceOf(LongwireException.class);
        }
    }

    @Test
    void aWrongWishTakesNoOtherAlong() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            ProfileChange good = app.addTags("good");
            ProfileChange bad = app.addTags("bad");
            ProfileChange well = app.bindAlias("well");
            phone.start();
            FakeLink link = room.next();
            while (well.await(20) == null) {
                if (link.waiting(FrameType.PROFILE) == 0) {
                    continue;
                }
                Profile profile = link.take(FrameType.PROFILE, Profile.parser());
                boolean wrong = profile.getAddTagsList().contains("bad");
                answer(link, profile, wrong ? Code.LIMIT : Code.OK);
            }

            assertThat(Objects.requireNonNull(good.await(10_000)).isApplied()).isTrue();
            assertThat(Objects.requireNonNull(well.await(10_000)).isApplied()).isTrue();
            ProfileChange.Result refused = Objects.requireNonNull(bad.await(10_000));
            assertThat(refused.status()).isEqualTo(ProfileChange.Status.REFUSED);
            assertThat(refused.reason()).contains("LIMIT", "expected: ");
        }
    }

    @Test
    void triesAgainWhatFailedForNow() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            phone.start();
            FakeLink link = room.next();
            ProfileChange change = app.addTags("gold");
            Profile first = link.take(FrameType.PROFILE, Profile.parser());
            link.send(FrameType.PROFILE_ACK, ProfileAck.newBuilder().setReqId(first.getReqId()).setCode(Code.BUSY)
                    .setRetryAfterMs(50).build());
            Profile second = link.take(FrameType.PROFILE, Profile.parser());
            link.send(FrameType.ERROR, ErrorFrame.newBuilder().setCode(Code.NOT_BOUND).setFrameType(FrameType.PROFILE)
                    .setRef(second.getReqId()).setRetryAfterMs(50).build());
            answer(link, link.take(FrameType.PROFILE, Profile.parser()), Code.OK);

            assertThat(Objects.requireNonNull(change.await(10_000)).isApplied()).isTrue();
        }
    }

    @Test
    void leavesARoomAloneThatDoesNotKnowProfiles() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            phone.start();
            FakeLink link = room.next();
            ProfileChange change = app.addTags("gold");
            link.take(FrameType.PROFILE, Profile.parser());
            link.send(FrameType.ERROR, ErrorFrame.newBuilder().setCode(Code.UNSUPPORTED).setFatal(true)
                    .setFrameType(FrameType.PROFILE).build());
            link.hasEnded();
            await().until(() -> phone.problems.stream().anyMatch(one -> one.contains("UNSUPPORTED")));
            assertThat(change.result()).isNull();
            assertThat(link.waiting(FrameType.PROFILE)).isZero();
        }
    }

    @Test
    void sendsALotInSeveralFrames() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            Map<String, String> many = new HashMap<>();
            for (int i = 0; i < 100; i++) {
                many.put("attribute " + i, "\u5b57".repeat(256));
            }
            ProfileChange change = app.setAttributes(many);
            phone.start();
            FakeLink link = room.next();
            int frames = 0;
            Map<String, String> got = new HashMap<>();
            while (got.size() < 100) {
                Profile profile = link.take(FrameType.PROFILE, Profile.parser());
                got.putAll(profile.getSetAttributesMap());
                frames++;
                answer(link, profile, Code.OK);
            }
            assertThat(frames).isBetween(2, 5);
            assertThat(got).isEqualTo(many);
            assertThat(Objects.requireNonNull(change.await(10_000)).isApplied()).isTrue();
        }
    }

    @Test
    void refusesAtOnceWhatNoPlatformTakes() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            LongwireApp app = phone.add(APP_7).app();
            assertThatThrownBy(() -> app.bindAlias("x".repeat(129))).isInstanceOf(LongwireException.class)
                    .hasMessage("alias: 129 characters (expected: 1 to 128)");
            assertThatThrownBy(() -> app.addTags("")).hasMessage("tag: 0 characters (expected: 1 to 64)");
            assertThatThrownBy(app::removeTags).hasMessage("tag: 0 of them (expected: 1 to 100)");
            assertThatThrownBy(() -> app.setAttributes(Map.of("a", "x".repeat(257))))
                    .hasMessage("attribute a: 257 characters (expected: at most 256)");
            for (int i = 0; i < 16; i++) {
                app.bindAlias("user-" + i);
            }
            assertThat(Objects.requireNonNull(app.bindAlias("one more").await(10_000)).status())
                    .isEqualTo(ProfileChange.Status.REFUSED);
        }
    }

    private static Profile after(FakeLink link, ProfileChange change) throws Exception {
        assertThat(change.result()).isNull();
        return link.take(FrameType.PROFILE, Profile.parser());
    }

    private static void answer(FakeLink link, Profile profile, int code) throws Exception {
        link.send(FrameType.PROFILE_ACK, ProfileAck.newBuilder().setReqId(profile.getReqId()).setCode(code)
                .setText(code == Code.OK ? "" : "tags: 101 (expected: at most 100)").build());
    }
}
