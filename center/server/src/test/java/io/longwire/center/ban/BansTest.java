package io.longwire.center.ban;

import io.longwire.center.access.Caller;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.Scope;
import io.longwire.center.audit.Audit;
import io.longwire.center.fakes.FakeArchive;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.device.id.EndpointId;
import io.longwire.rpc.center.BanInfo;
import io.longwire.rpc.center.BanName;
import io.longwire.rpc.center.CreateBanRequest;
import io.longwire.rpc.center.ListBansRequest;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.testkit.time.VirtualClock;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BansTest {
    private static final EndpointNames NAMES = new EndpointNames(new EndpointId(new byte[32]));
    private static final String ENDPOINT = NAMES.text(3, 4711);
    private static final Caller PRODUCT = new Caller(3, Set.of(Scope.values()), false);
    private static final Caller OPERATOR = new Caller(0, Set.of(), true);

    private final VirtualClock clock = new VirtualClock();
    private final FakeArchive archive = new FakeArchive(clock);
    private final Bans bans = new Bans(NAMES, archive, new Audit(archive, new FakeMetrics()), clock);

    @Test
    void aProductBansItsEndpointsAndAliases() {
        BanInfo endpoint = create(PRODUCT, ban().setEndpoint(ENDPOINT).setDuration("1h").setReason("spam"));
        BanInfo alias = create(PRODUCT, ban().setAlias("anna"));

        assertThat(endpoint.getEndpoint()).isEqualTo(ENDPOINT);
        assertThat(endpoint.getUntilMs()).isEqualTo(clock.wallMillis() + 3_600_000);
        assertThat(endpoint.getState()).isEqualTo("active");
        assertThat(alias.getUntilMs()).isZero();
        var page = bans.list(PRODUCT, ListBansRequest.newBuilder().setLimit(1).build()).join();
        assertThat(page.getBansList()).containsExactly(endpoint);
        assertThat(bans.list(PRODUCT, ListBansRequest.newBuilder().setCursor(page.getCursor()).build()).join()
                .getBansList()).containsExactly(alias);
        assertThat(archive.audited()).isEmpty();
    }

    @Test
    void theOperatorBansNetworksOnRecord() {
        BanInfo ban = create(OPERATOR, ban().setNetwork("10.1.2.3/8").setReason("flood"));

        assertThat(ban.getNetwork()).isEqualTo("10.0.0.0/8");
        assertThat(bans.list(OPERATOR, ListBansRequest.getDefaultInstance()).join().getBansList())
                .containsExactly(ban);
        assertThat(bans.lift(OPERATOR, BanName.newBuilder().setBanId(ban.getBanId()).build(), "10.0.0.9").join()
                .getState()).isEqualTo("lifted");
        assertThat(archive.audited()).extracting(AuditRecord::getAction).containsExactly("ban.create", "ban.lift");
        archive.auditAway = true;
        assertThatThrownBy(() -> create(OPERATOR, ban().setNetwork("10.0.0.0/8"))).isNotNull();
        assertThat(bans.list(OPERATOR, ListBansRequest.getDefaultInstance()).join().getBansList()).isEmpty();
    }

    @Test
    void theOperatorNamesTheAppOfAnEndpoint() {
        assertThat(create(OPERATOR, ban().setAppId(3).setEndpoint(ENDPOINT)).getEndpoint()).isEqualTo(ENDPOINT);
        assertThatThrownBy(() -> create(OPERATOR, ban().setEndpoint(ENDPOINT)))
                .hasMessage("app_id: none (expected: the app of the endpoint or alias)");
    }

    @Test
    void aProductLiftsItsOwnAlone() {
        BanInfo network = create(OPERATOR, ban().setNetwork("10.0.0.0/8"));
        var name = BanName.newBuilder().setBanId(network.getBanId()).build();

        assertThatThrownBy(() -> bans.lift(PRODUCT, name, "").join()).hasMessageContaining(
                "ban_id: " + network.getBanId() + " (expected: a ban of the app, in force)");
    }

    @Test
    void saysWhichRuleIsBroken() {
        assertThatThrownBy(() -> create(PRODUCT, ban().setNetwork("10.0.0.0/8"))).hasMessageContaining("admin key");
        assertThatThrownBy(() -> create(PRODUCT, ban()))
                .hasMessage("ban: of nobody (expected: one of endpoint, alias, network)");
        assertThatThrownBy(() -> create(PRODUCT, ban().setEndpoint(ENDPOINT).setAlias("a")))
                .hasMessage("ban: of 2 (expected: one of endpoint, alias, network)");
        assertThatThrownBy(() -> create(PRODUCT, ban().setAlias("a").setDuration("0s")))
                .hasMessage("duration: 0s (expected: 1s to 3650d, or none)");
        assertThatThrownBy(() -> create(PRODUCT, ban().setAlias("a").setReason("x".repeat(257))))
                .hasMessage("reason: 257 characters (expected: at most 256)");
        assertThatThrownBy(() -> create(OPERATOR, ban().setNetwork("10.0.0.0/99"))).hasMessage(
                "network: 10.0.0.0/99 (expected: a block such as 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7)");
        assertThatThrownBy(() -> create(OPERATOR, ban().setNetwork("0.0.0.0/0")))
                .hasMessage("network: 0.0.0.0/0 (expected: not everybody)");
        assertThatThrownBy(() -> bans.lift(PRODUCT, BanName.newBuilder().setBanId("x").build(), ""))
                .hasMessage("ban_id: x (expected: a number from an earlier answer)");
    }

    private static CreateBanRequest.Builder ban() {
        return CreateBanRequest.newBuilder();
    }

    private BanInfo create(Caller caller, CreateBanRequest.Builder request) {
        return bans.create(caller, request.build(), "10.0.0.9").join();
    }
}
