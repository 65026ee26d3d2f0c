package io.longwire.dispatcher.endpoints;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.Credentials;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.id.AppKey;
import io.longwire.device.id.EndpointId;
import io.longwire.device.id.InvalidIdException;
import io.longwire.dispatcher.DispatcherConfig;
import io.longwire.dispatcher.DispatcherMetric;
import io.longwire.dispatcher.http.BadRequest;
import io.longwire.dispatcher.http.HttpApi;
import io.longwire.dispatcher.http.Json;
import io.longwire.dispatcher.http.Reply;
import io.longwire.dispatcher.http.Request;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.service.Secrets;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * POST /v1/endpoints: the same install of an app gets the same endpoint each time, and each time a fresh credential.
 * Thread-safe.
 */
public final class EndpointsApi implements HttpApi {
    private static final int MAX_PACKAGE = 255;
    private static final int INSTALL_ID_BYTES = 16;
    private static final int MAX_PAYLOAD_KEY = 64;
    private static final long CLOCK_SLACK_SECONDS = 60;

    private final Function<GetAppRequest, CompletableFuture<AppRecord>> apps;
    private final Function<RegisterEndpointRequest, CompletableFuture<EndpointRecord>> registrations;
    private final RegistrationLimits limits;
    private final Live<DispatcherConfig> config;
    private final Service service;
    private final SecureRandom random = new SecureRandom();
    private volatile Signer signer;

    /** What credentials are signed with; made anew when the secrets change. */
    private record Signer(CredentialKeys keys, EndpointId texts) {
        static Signer of(Secrets secrets) {
            return new Signer(CredentialKeys.of(secrets.signingKeyId(), secrets.credentialKeys()),
                    new EndpointId(secrets.endpointTagKey()));
        }
    }

    public EndpointsApi(Function<GetAppRequest, CompletableFuture<AppRecord>> apps,
            Function<RegisterEndpointRequest, CompletableFuture<EndpointRecord>> registrations,
            RegistrationLimits limits, Live<DispatcherConfig> config, Service service) {
        this.apps = apps;
        this.registrations = registrations;
        this.limits = limits;
        this.config = config;
        this.service = service;
        this.signer = Signer.of(service.secrets().get());
        service.secrets().onChange(changed -> signer = Signer.of(changed));
    }

    @Override
    public CompletableFuture<Reply> answer(Request request) {
        RegisterEndpoint wanted = request.protobuf() ? parse(request.body()) : Json.registerEndpoint(request.body());
        AppKey key = check(wanted);
        long wait = limits.waitMillis(request.caller(), key.appId());
        if (wait > 0) {
            return refused(request, 429, "rate", "registrations: too many from this address or app (expected: <= "
                    + config.get().registrationsPerMinute() + " a minute)", wait);
        }
        return apps.apply(GetAppRequest.newBuilder().setAppId(key.appId()).build())
                .thenCompose(app -> isOf(key, app)
                        ? register(request, wanted, app)
                        : refused(request, 404, "unknown_app", "app_key: " + wanted.getAppKey()
                                + " (expected: the key of an app)", 0))
                .exceptionallyCompose(away -> refused(request, 503, "unavailable",
                        "registration: the store did not answer (expected: try again)", 2000));
    }

    private CompletableFuture<Reply> register(Request request, RegisterEndpoint wanted, AppRecord app) {
        var registration = RegisterEndpointRequest.newBuilder().setAppId(app.getAppId())
                .setInstallId(wanted.getInstallId()).setProposedEndpointId(newId())
                .setPackageName(wanted.getPackageName()).setCertificateDigest(wanted.getCertificateDigest())
                .setPayloadKey(wanted.getPayloadKey()).build();
        return registrations.apply(registration).thenCompose(endpoint -> {
            if (endpoint.getState() != EndpointRecord.State.ACTIVE) {
                return refused(request, 410, "endpoint_gone",
                        "install_id: deleted (expected: a new install_id)", 0);
            }
            service.metrics().counter(DispatcherMetric.REGISTERED).increment();
            return CompletableFuture.completedFuture(Reply.ok(request, issue(endpoint)));
        });
    }

    private RegisteredEndpoint issue(EndpointRecord endpoint) {
        Signer current = signer;
        long now = service.clock().wallMillis() / 1000;
        long expires = now + config.get().credentialLife().toSeconds();
        var claims = new Claims(current.keys.current(), endpoint.getAppId(), endpoint.getEndpointId(),
                endpoint.getOrd(), now - CLOCK_SLACK_SECONDS, expires);
        return RegisteredEndpoint.newBuilder().setEndpointId(endpoint.getEndpointId())
                .setEndpoint(current.texts.text(endpoint.getAppId(), endpoint.getEndpointId()))
                .setAppId(endpoint.getAppId())
                .setCredential(ByteString.copyFrom(Credentials.issue(current.keys, claims)))
                .setExpiresMs(expires * 1000).setServerTimeMs(service.clock().wallMillis())
                .setPayloadKey(endpoint.getPayloadKey()).build();
    }

    private long newId() {
        long id;
        do {
            id = random.nextLong();
        } while (id == 0);
        return id;
    }

    private static boolean isOf(AppKey key, AppRecord app) {
        return app.getAppId() != 0 && MessageDigest.isEqual(key.secret(), app.getAppKey().toByteArray());
    }

    private static AppKey check(RegisterEndpoint wanted) {
        if (wanted.getInstallId().size() != INSTALL_ID_BYTES) {
            throw new BadRequest("install_id", wanted.getInstallId().size() + " bytes", "16 random bytes");
        }
        if (wanted.getPackageName().length() > MAX_PACKAGE) {
            throw new BadRequest("package_name", wanted.getPackageName(), "at most 255 characters");
        }
        int digest = wanted.getCertificateDigest().size();
        if (digest != 0 && digest != 32) {
            throw new BadRequest("certificate_digest", digest + " bytes", "32 bytes (SHA-256) or none");
        }
        if (wanted.getPayloadKey().size() > MAX_PAYLOAD_KEY) {
            throw new BadRequest("payload_key", wanted.getPayloadKey().size() + " bytes",
                    "at most " + MAX_PAYLOAD_KEY + ", or none");
        }
        try {
            return AppKey.parse(wanted.getAppKey());
        } catch (InvalidIdException bad) {
            throw new BadRequest("app_key", wanted.getAppKey(), "ak_, the app's number, _ and 32 hex digits");
        }
    }

    private static RegisterEndpoint parse(byte[] body) {
        try {
            return RegisterEndpoint.parseFrom(body);
        } catch (InvalidProtocolBufferException bad) {
            throw new BadRequest("body", body.length + " bytes", "a RegisterEndpoint message");
        }
    }

    private static CompletableFuture<Reply> refused(Request request, int status, String code, String detail,
            long retryMs) {
        return CompletableFuture.completedFuture(Reply.refused(request, status, code, detail, retryMs));
    }
}
