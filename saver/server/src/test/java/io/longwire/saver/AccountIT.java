package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.CreateKeyRequest;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.ListAuditRequest;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.rpc.saver.TimelineRequest;
import io.longwire.rpc.saver.UpdateAppRequest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.saver.RunningSaver.again;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Apps, keys and endpoints. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccountIT {
    @TempDir
    private static Path directory = Path.of("");
    @AutoClose
    private RunningSaver saver;

    @BeforeAll
    void start() throws Exception {
        saver = RunningSaver.start(directory).warm();
    }

    @Test
    void createsAnAppOnceForAKey() throws Exception {
        var request = CreateAppRequest.newBuilder().setName("shop").setSendsPerSecond(50).setIdempotencyKey("shop-1")
                .build();

        AppRecord app = again(() -> saver.client.createApp(request));

        assertThat(app.getAppId()).isPositive();
        assertThat(app.getAppKey().size()).isEqualTo(16);
        assertThat(app.getInboxMessages()).isEqualTo(200);
        assertThat(again(() -> saver.client.createApp(request))).isEqualTo(app);
        assertThat(again(() -> saver.client.app(GetAppRequest.newBuilder().setAppId(app.getAppId()).build())))
                .isEqualTo(app);
        assertThat(again(() -> saver.client.app(GetAppRequest.newBuilder().setAppId(999).build())).getAppId()).isZero();
        assertThat(again(() -> saver.client.apps()).getAppsList()).contains(app);
    }

    @Test
    void saysWhatIsWrongWithARequest() {
        assertThatThrownBy(() -> again(() -> saver.client.createApp(CreateAppRequest.getDefaultInstance())))
                .hasCauseInstanceOf(RpcFailure.class).hasMessageContaining("name:  (expected: 1 to 120 characters)");
        assertThatThrownBy(() -> again(() -> saver.client.findKey(FindKeyRequest.getDefaultInstance())))
                .hasMessageContaining("key_hash: 0 bytes (expected: 32)");
        assertThatThrownBy(() -> again(() -> saver.client.registerEndpoint(install(1).setAppId(999).build())))
                .hasMessageContaining("app_id: 999 (expected: an app that was created)");
    }

    @Test
    void findsAndRevokesAKeyByItsHash() throws Exception {
        ByteString hash = ByteString.copyFrom(new byte[32]);
        var find = FindKeyRequest.newBuilder().setKeyHash(hash).build();
        assertThat(again(() -> saver.client.findKey(find)).getAppId()).isZero();

        KeyRecord made = again(
                () -> saver.client.createKey(CreateKeyRequest.newBuilder().setAppId(saver.app).setKeyHash(hash)
                        .setLabel("ci").addScopes("send").addScopes("status").build()));

        assertThat(again(() -> saver.client.findKey(find))).isEqualTo(made);
        assertThat(made.getScopesList()).containsExactly("send", "status");
        assertThat(again(() -> saver.client.revokeKey(find)).getRevoked()).isTrue();
        assertThat(again(() -> saver.client.findKey(find)).getRevoked()).isTrue();
    }

    @Test
    void givesTheSameInstallTheSameEndpointAndDenseOrdinals() throws Exception {
        EndpointRecord first = again(() -> saver.client.registerEndpoint(install(7).setProposedEndpointId(70).build()));
        EndpointRecord again = again(() -> saver.client.registerEndpoint(install(7).setProposedEndpointId(71).build()));
        Set<Integer> ords = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            var next = install(100 + i).setProposedEndpointId(1_000 + i).build();
            ords.add(again(() -> saver.client.registerEndpoint(next))
                    .getOrd());
        }

        assertThat(first.getEndpointId()).isEqualTo(70);
        assertThat(again).isEqualTo(first);
        assertThat(ords).hasSize(20).allMatch(ord -> ord < 64);
        assertThatThrownBy(
                () -> again(() -> saver.client.registerEndpoint(install(8).setProposedEndpointId(70).build())))
                .hasMessageContaining("expected: one that nobody has");
    }

    @Test
    void theNewestRegistrationSaysWhichPayloadKeyThereIs() throws Exception {
        ByteString key = ByteString.copyFromUtf8("one key");
        ByteString other = ByteString.copyFromUtf8("another key");
        var install = install(60).setProposedEndpointId(6_000);

        assertThat(again(() -> saver.client.registerEndpoint(install.clone().setPayloadKey(key).build()))
                .getPayloadKey()).isEqualTo(key);
        assertThat(payloadKey(6_000)).isEqualTo(key);
        assertThat(again(() -> saver.client.registerEndpoint(install.clone().setPayloadKey(other).build()))
                .getPayloadKey()).isEqualTo(other);
        assertThat(payloadKey(6_000)).isEqualTo(other);
        assertThat(again(() -> saver.client.registerEndpoint(install.clone().build())).getPayloadKey().isEmpty())
                .as("an app that has none any more").isTrue();
        assertThat(payloadKey(6_000).isEmpty()).isTrue();
        assertThatThrownBy(() -> again(() -> saver.client.registerEndpoint(
                install.clone().setPayloadKey(ByteString.copyFrom(new byte[65])).build())))
                .hasMessageContaining("payload_key: 65 bytes (expected: at most 64)");
    }

    private ByteString payloadKey(long endpoint) throws Exception {
        return again(() -> saver.client.endpoint(
                GetEndpointRequest.newBuilder().setAppId(saver.app).setEndpointId(endpoint).build())).getPayloadKey();
    }

    @Test
    void endsWhatWaitsForADeletedEndpointAndTakesNothingMore() throws Exception {
        EndpointRecord record = again(
                () -> saver.client.registerEndpoint(install(50).setProposedEndpointId(5_000).build()));
        long endpoint = record.getEndpointId();
        long message = saver.accept(endpoint, "waiting");

        EndpointRecord gone = again(() -> saver.client.deleteEndpoint(
                GetEndpointRequest.newBuilder().setAppId(saver.app).setEndpointId(endpoint).build()));

        assertThat(gone.getState()).isEqualTo(EndpointRecord.State.GONE);
        assertThat(saver.waiting(endpoint)).isEmpty();
        assertThat(again(
                () -> saver.client.timeline(TimelineRequest.newBuilder().setEndpointId(endpoint).setMessageId(message)
                        .build()))
                .getHow()).isEqualTo(How.DELETED);
        assertThat(saver.append(saver.item(endpoint, saver.newId(), "late")).getCode())
                .isEqualTo(AppendResult.Code.REJECTED);
        EndpointRecord anew = again(
                () -> saver.client.registerEndpoint(install(50).setProposedEndpointId(5_001).build()));
        assertThat(anew.getEndpointId()).as("a deleted endpoint does not come back").isEqualTo(5_001);
        assertThat(anew.getState()).isEqualTo(EndpointRecord.State.ACTIVE);
    }

    @Test
    void refusesToDeleteAnotherAppsEndpoint() throws Exception {
        long endpoint = saver.newEndpoint();

        EndpointRecord answer = again(() -> saver.client.deleteEndpoint(
                GetEndpointRequest.newBuilder().setAppId(saver.app + 1).setEndpointId(endpoint).build()));

        assertThat(answer.getState()).isEqualTo(EndpointRecord.State.ABSENT);
        assertThat(saver.append(saver.item(endpoint, saver.newId(), "still there")).getCode())
                .isEqualTo(AppendResult.Code.ACCEPTED);
    }

    @Test
    void changesOnlyWhatTheMaskNames() throws Exception {
        AppRecord app = again(() -> saver.client.createApp(
                CreateAppRequest.newBuilder().setName("news").setSendsPerSecond(50).setIdempotencyKey("news").build()));

        AppRecord changed = update(app, AppRecord.newBuilder().setName("paper").setStoredMessages(1_000)
                .setReceipts(true).setFanOut(7).setInboxBytes(64 << 10).setOverflow(1).setSendsPerSecond(9)
                .setBroadcastSize(5_000).setDevices(2), "name", "stored_messages", "receipts", "fan_out", "inbox_bytes",
                "overflow",
                "broadcast_size", "devices");

        assertThat(changed).isEqualTo(app.toBuilder().setName("paper").setStoredMessages(1_000).setReceipts(true)
                .setFanOut(7).setInboxBytes(64 << 10).setOverflow(1).setBroadcastSize(5_000).setDevices(2).build());
        assertThat(again(() -> saver.client.app(GetAppRequest.newBuilder().setAppId(app.getAppId()).build())))
                .isEqualTo(changed);
        assertThatThrownBy(() -> update(app, AppRecord.newBuilder(), "colour"))
                .hasMessageContaining("mask: [colour] (expected: one or more of [name, ");
        assertThatThrownBy(() -> update(app, AppRecord.newBuilder().setFanOut(1_001), "fan_out"))
                .hasMessageContaining("fan_out: 1001 (expected: 0 to 1000)");
        assertThatThrownBy(() -> update(app, AppRecord.newBuilder().setDevices(4), "devices"))
                .hasMessageContaining("devices: 4 (expected: 0 to 3)");
        assertThatThrownBy(() -> update(app, AppRecord.newBuilder().setMaxTtlSeconds(31 * 86_400), "max_ttl_seconds"))
                .hasMessageContaining("max_ttl_seconds: 2678400 (expected: 1 to 2592000)");
        assertThat(update(AppRecord.newBuilder().setAppId(999).build(), AppRecord.newBuilder(), "receipts").getAppId())
                .isZero();
    }

    private AppRecord update(AppRecord app, AppRecord.Builder values, String... mask) throws Exception {
        return again(() -> saver.client.updateApp(UpdateAppRequest.newBuilder()
                .setApp(values.setAppId(app.getAppId())).addAllMask(List.of(mask)).build()));
    }

    @Test
    void letsAnAppHaveTwoLiveKeysAndNotesTheirUse() throws Exception {
        int app = again(() -> saver.client.createApp(CreateAppRequest.newBuilder().setName("keys").build())).getAppId();
        long now = Clock.system().wallMillis();
        again(() -> saver.client.createKey(key(app, 1).setExpiresMs(now - 1).build()));
        KeyRecord first = again(() -> saver.client.createKey(key(app, 2).addNetworks("10.0.0.0/8")
                .addNetworks("fd00::/8").build()));
        again(() -> saver.client.createKey(key(app, 3).build()));

        assertThat(first.getNetworksList()).containsExactly("10.0.0.0/8", "fd00::/8");
        assertThatThrownBy(() -> again(() -> saver.client.createKey(key(app, 4).build())))
                .hasMessageContaining("keys: 2 live (expected: fewer than 2; revoke one first)");
        assertThat(again(() -> saver.client.createKey(key(app, 2).build()))).as("made before").isEqualTo(first);
        again(() -> saver.client.revokeKey(find(2, 0)));
        again(() -> saver.client.createKey(key(app, 4).build()));

        again(() -> saver.client.findKey(find(3, now)));
        again(() -> saver.client.findKey(find(3, now - 120_000)));
        assertThat(keys(app)).hasSize(4).filteredOn(each -> each.getKeyHash().equals(find(3, 0).getKeyHash()))
                .singleElement().satisfies(each -> assertThat(each.getUsedMs()).isEqualTo(now / 60_000 * 60_000));
        assertThat(keys(app)).filteredOn(KeyRecord::getRevoked).hasSize(1);
    }

    @Test
    void keepsAnAuditLogThatIsReadFromTheNewest() throws Exception {
        AuditRecord first = again(() -> saver.client.audit(AuditRecord.newBuilder().setActor("admin")
                .setAction("app.create").setAppId(77).setSubject("app 77").setDetail("two\nlines").setAddress("::1")
                .build()));
        AuditRecord second = again(() -> saver.client.audit(AuditRecord.newBuilder().setActor("admin")
                .setAction("key.revoke").setAppId(78).build()));

        assertThat(first.getAtMs()).isPositive();
        assertThat(first.getDetail()).isEqualTo("two lines");
        assertThat(second.getSeq()).isGreaterThan(first.getSeq());
        assertThat(audit(0, 0)).startsWith(second, first);
        assertThat(audit(second.getSeq(), 0).getFirst()).isEqualTo(first);
        assertThat(audit(0, 77)).containsExactly(first);
        assertThatThrownBy(() -> again(() -> saver.client.audit(AuditRecord.getDefaultInstance())))
                .hasMessageContaining("actor, action");
    }

    private List<AuditRecord> audit(long before, int app) throws Exception {
        return again(() -> saver.client.auditLog(ListAuditRequest.newBuilder().setBeforeSeq(before).setAppId(app)
                .build())).getRecordsList();
    }

    private List<KeyRecord> keys(int app) throws Exception {
        return again(() -> saver.client.keys(GetAppRequest.newBuilder().setAppId(app).build())).getKeysList();
    }

    private static CreateKeyRequest.Builder key(int app, int number) {
        return CreateKeyRequest.newBuilder().setAppId(app).setKeyHash(find(number, 0).getKeyHash());
    }

    private static FindKeyRequest find(int number, long used) {
        var hash = new byte[32];
        hash[31] = (byte) (number + 100);
        return FindKeyRequest.newBuilder().setKeyHash(ByteString.copyFrom(hash)).setUsedMs(used).build();
    }

    private RegisterEndpointRequest.Builder install(int number) {
        var install = new byte[16];
        install[0] = (byte) number;
        install[1] = (byte) (number >> 8);
        return RegisterEndpointRequest.newBuilder().setAppId(saver.app).setInstallId(ByteString.copyFrom(install))
                .setProposedEndpointId(number + 100_000L).setPackageName("com.example");
    }
}
