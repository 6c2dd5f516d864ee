package dev.flotilla.registry.drill;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Whom the fake instance lets in. Over loopback the token is enough; a remote caller gets nothing
/// without a device, and a device nothing without an approval.
public final class FakeDoor {
  private static final String SPKI_PREFIX = "302a300506032b6570032100";

  private final Map<String, List<String>> approved = new ConcurrentHashMap<>();
  private final Map<String, Request> pending = new ConcurrentHashMap<>();
  private volatile boolean remote;
  private volatile long lockoutMs;

  private record Request(String device, List<String> scopes) {}

  /// From the next connection on, everybody seems to come from another host.
  public void remote(boolean elsewhere) {
    remote = elsewhere;
  }

  /// While above 0, nobody is let in, whatever the token is.
  public void lockOut(long ms) {
    lockoutMs = ms;
  }

  /// What `openclaw devices approve` does. False where there is no such request.
  public boolean approve(String requestId) {
    Request request = pending.remove(requestId);
    if (request == null) {
      return false;
    }
    approved.put(request.device(), request.scopes());
    return true;
  }

  /// Forgets every device.
  public void revoke() {
    approved.clear();
  }

  void requireNoLockout() {
    if (lockoutMs > 0) {
      throw new FakeRefusal("INVALID_REQUEST", "unauthorized: too many failed attempts")
          .detail("code", "AUTH_RATE_LIMITED")
          .retryAfter(lockoutMs);
    }
  }

  List<String> grant(JsonNode params, List<String> asked, String nonce) {
    JsonNode device = params.path("device");
    if (!device.isMissingNode()) {
      requireProof(params, device, nonce);
    }
    if (!remote) {
      return asked;
    }
    if (device.isMissingNode()) {
      return List.of();
    }
    String id = device.path("id").asText();
    List<String> known = approved.get(id);
    if (known == null || !known.containsAll(asked)) {
      throw new FakeRefusal("NOT_PAIRED", "pairing required")
          .detail("code", "PAIRING_REQUIRED")
          .detail("reason", known == null ? "not-paired" : "scope-upgrade")
          .detail("requestId", request(id, asked));
    }
    return asked;
  }

  private String request(String device, List<String> scopes) {
    Request request = new Request(device, scopes);
    return pending.entrySet().stream()
        .filter(known -> known.getValue().equals(request))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseGet(
            () -> {
              String id = UUID.randomUUID().toString();
              pending.put(id, request);
              return id;
            });
  }

  private static void requireProof(JsonNode params, JsonNode device, String nonce) {
    try {
      byte[] raw = Base64.getUrlDecoder().decode(device.path("publicKey").asText());
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(raw);
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(
          KeyFactory.getInstance("Ed25519")
              .generatePublic(
                  new X509EncodedKeySpec(
                      HexFormat.of().parseHex(SPKI_PREFIX + HexFormat.of().formatHex(raw)))));
      signature.update(signed(params, device, nonce).getBytes(StandardCharsets.UTF_8));
      boolean proven =
          HexFormat.of().formatHex(hash).equals(device.path("id").asText())
              && device.path("nonce").asText().equals(nonce)
              && signature.verify(Base64.getUrlDecoder().decode(device.path("signature").asText()));
      if (!proven) {
        throw new FakeRefusal("INVALID_REQUEST", "device signature invalid")
            .detail("code", "DEVICE_AUTH_SIGNATURE_INVALID");
      }
    } catch (GeneralSecurityException bad) {
      throw new IllegalStateException(bad);
    }
  }

  private static String signed(JsonNode params, JsonNode device, String nonce) {
    StringBuilder scopes = new StringBuilder();
    params
        .path("scopes")
        .forEach(scope -> scopes.append(scopes.isEmpty() ? "" : ",").append(scope.asText()));
    return "v3|%s|%s|%s|%s|%s|%s|%s|%s|%s|"
        .formatted(
            device.path("id").asText(),
            params.path("client").path("id").asText(),
            params.path("client").path("mode").asText(),
            params.path("role").asText(),
            scopes,
            device.path("signedAt").asText(),
            params.path("auth").path("token").asText(),
            nonce,
            params.path("client").path("platform").asText().strip().toLowerCase(Locale.ROOT));
  }
}
