package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.CreateKeyRequest;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.rpc.saver.TimelineRequest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
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
    private RunningSaver saver;

    @BeforeAll
    void start() throws Exception {
        saver = RunningSaver.start(directory).warm();
    }

    @AfterAll
    void stop() {
        saver.close();
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

    private RegisterEndpointRequest.Builder install(int number) {
        var install = new byte[16];
        install[0] = (byte) number;
        install[1] = (byte) (number >> 8);
        return RegisterEndpointRequest.newBuilder().setAppId(saver.app).setInstallId(ByteString.copyFrom(install))
                .setProposedEndpointId(number + 100_000L).setPackageName("com.example");
    }
}
