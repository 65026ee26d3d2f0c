package io.longwire.sdk.android.network;

import android.content.Context;
import android.net.ConnectivityManager;
import android.net.LinkProperties;
import android.net.Network;
import android.net.NetworkCapabilities;
import android.os.Build;
import io.longwire.device.v1.NetType;
import io.longwire.sdk.android.TestPhone;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowConnectivityManager;
import org.robolectric.shadows.ShadowNetwork;
import org.robolectric.shadows.ShadowNetworkCapabilities;

import static org.assertj.core.api.Assertions.assertThat;

@RunWith(RobolectricTestRunner.class)
public class NetworkWatchTest {
    private final List<@Nullable NetworkState> told = new ArrayList<>();
    private final NetworkWatch watch = new NetworkWatch(TestPhone.app(), told::add);

    @Before
    public void start() {
        assertThat(watch.start()).isTrue();
    }

    @After
    public void stop() {
        watch.stop();
    }

    @Test
    public void tellsANetworkOnceItIsKnownWhole() throws UnknownHostException {
        Network wifi = ShadowNetwork.newInstance(7);
        callback().onCapabilitiesChanged(wifi, capabilities(NetworkCapabilities.TRANSPORT_WIFI));
        assertThat(told).isEmpty();

        callback().onLinkPropertiesChanged(wifi, link("192.168.1.1"));
        assertThat(told).hasSize(1);
        assertThat(last().type()).isEqualTo(NetType.NET_WIFI);
        assertThat(last().key()).hasSize(16);
    }

    @Test
    public void aPhoneThatStartsWithoutANetworkIsToldSo() throws UnknownHostException {
        ConnectivityManager system = (ConnectivityManager) TestPhone.app()
                .getSystemService(Context.CONNECTIVITY_SERVICE);
        Shadows.shadowOf(system).setActiveNetworkInfo(null);
        List<@Nullable NetworkState> heard = new ArrayList<>();
        NetworkWatch dark = new NetworkWatch(TestPhone.app(), heard::add);
        watch.stop();
        assertThat(dark.start()).isTrue();
        assertThat(heard).containsExactly((NetworkState) null);

        up(ShadowNetwork.newInstance(7), NetworkCapabilities.TRANSPORT_WIFI, "192.168.1.1");
        assertThat(heard).hasSize(2);
        dark.stop();
    }

    @Test
    public void sameAgainIsNotTold() throws UnknownHostException {
        Network wifi = ShadowNetwork.newInstance(7);
        up(wifi, NetworkCapabilities.TRANSPORT_WIFI, "192.168.1.1");
        up(wifi, NetworkCapabilities.TRANSPORT_WIFI, "192.168.1.1");
        assertThat(told).hasSize(1);
    }

    @Test
    public void aNetworkHasItsNameAgainAtTheNextVisit() throws UnknownHostException {
        Network home = ShadowNetwork.newInstance(7);
        up(home, NetworkCapabilities.TRANSPORT_WIFI, "192.168.1.1");
        String name = last().key();
        callback().onLost(home);
        assertThat(told.get(told.size() - 1)).isNull();

        up(ShadowNetwork.newInstance(8), NetworkCapabilities.TRANSPORT_WIFI, "10.0.0.1");
        assertThat(last().key()).isNotEqualTo(name);
        callback().onLost(ShadowNetwork.newInstance(8));

        up(ShadowNetwork.newInstance(9), NetworkCapabilities.TRANSPORT_WIFI, "192.168.1.1");
        assertThat(last().key()).isEqualTo(name);
    }

    @Test
    public void aCellNetworkIsNamedByItsOperatorAlone() throws UnknownHostException {
        Network cell = ShadowNetwork.newInstance(3);
        up(cell, NetworkCapabilities.TRANSPORT_CELLULAR, "100.64.0.1");
        assertThat(last().type()).isEqualTo(NetType.NET_CELL_4G);
        up(cell, NetworkCapabilities.TRANSPORT_CELLULAR, "100.64.0.2");
        assertThat(told).hasSize(1);
    }

    private void up(Network network, int transport, String server) throws UnknownHostException {
        callback().onCapabilitiesChanged(network, capabilities(transport));
        callback().onLinkPropertiesChanged(network, link(server));
    }

    private NetworkState last() {
        NetworkState state = told.get(told.size() - 1);
        if (state == null) {
            throw new AssertionError("no network was told last");
        }
        return state;
    }

    private static ConnectivityManager.NetworkCallback callback() {
        ShadowConnectivityManager networks = Shadows.shadowOf(
                (ConnectivityManager) TestPhone.app().getSystemService(Context.CONNECTIVITY_SERVICE));
        return networks.getNetworkCallbacks().iterator().next();
    }

    private static NetworkCapabilities capabilities(int transport) {
        NetworkCapabilities capabilities = ShadowNetworkCapabilities.newInstance();
        Shadows.shadowOf(capabilities).addTransportType(transport);
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.M) {
            Shadows.shadowOf(capabilities).addCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED);
        }
        return capabilities;
    }

    private static LinkProperties link(String server) throws UnknownHostException {
        LinkProperties link = Shadow.newInstanceOf(LinkProperties.class);
        link.addDnsServer(InetAddress.getByName(server));
        return link;
    }
}
