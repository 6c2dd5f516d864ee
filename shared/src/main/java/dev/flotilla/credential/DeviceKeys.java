package dev.flotilla.credential;

import dev.flotilla.config.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/// Makes the keys by which instances on other hosts know the fleet: Ed25519, one for each instance,
/// shared by all nodes.
public final class DeviceKeys {
  private DeviceKeys() {}

  /// Private and public key (PKCS #8 and SubjectPublicKeyInfo) in base64, with a dot between.
  public static Secret generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      Base64.Encoder base64 = Base64.getEncoder();
      return new Secret(
          base64.encodeToString(pair.getPrivate().getEncoded())
              + "."
              + base64.encodeToString(pair.getPublic().getEncoded()));
    } catch (GeneralSecurityException bug) {
      throw new IllegalStateException("Ed25519 is part of every JDK", bug);
    }
  }
}
