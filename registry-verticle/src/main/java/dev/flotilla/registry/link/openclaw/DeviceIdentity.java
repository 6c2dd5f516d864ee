package dev.flotilla.registry.link.openclaw;

import dev.flotilla.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// The fleet as an instance knows it: an Ed25519 key, and an id that is made from it.
///
/// @param id hash of the public key, in hexadecimal
/// @param publicKey its 32 bytes in base64
record DeviceIdentity(String id, String publicKey, PrivateKey privateKey) {
  private static final int RAW_BYTES = 32;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /// @param key as [dev.flotilla.credential.DeviceKeys] makes it
  static DeviceIdentity of(Secret key) {
    List<String> parts = List.of(key.reveal().split("\\.", -1));
    byte[] encoded = Base64.getDecoder().decode(parts.getLast());
    // The raw key is the end of its SubjectPublicKeyInfo.
    byte[] raw = Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
    try {
      return new DeviceIdentity(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw)),
          BASE64.encodeToString(raw),
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Base64.getDecoder().decode(parts.getFirst()))));
    } catch (GeneralSecurityException bad) {
      throw new IllegalArgumentException("the device key cannot be used", bad);
    }
  }

  String sign(String text) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(privateKey);
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException bug) {
      throw new IllegalStateException("Ed25519 is part of every JDK", bug);
    }
  }

  @Override
  public String toString() {
    return "device " + id;
  }
}
