package dev.flotilla.credential;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/// Seals credentials with AES-256-GCM and opens them again. A sealed one is `1.{key id}.{nonce and
/// ciphertext in base64}`: it names its key, so that keys can be changed while the fleet runs.
public final class Vault {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String VERSION = "1";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final @Nullable SealKey current;
  private final Map<String, SealKey> known = new LinkedHashMap<>();

  public Vault(FleetConfig.Credentials config) {
    this.current = config.key() == null ? null : SealKey.of(config.key());
    config.retiredKeys().stream().map(SealKey::of).forEach(key -> known.put(key.id(), key));
    if (current != null) {
      known.put(current.id(), current);
    }
  }

  /// True where there is a key to seal with.
  public boolean canSeal() {
    return current != null;
  }

  /// Throws a fault where no key is configured: nothing is ever stored unsealed.
  public String seal(Secret plain, Label label) {
    SealKey key = current;
    if (key == null) {
      throw Fault.of(
              Reason.CREDENTIAL_KEY,
              "credentials.key is not set, and without it no credential can be stored.")
          .asException();
    }
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, label);
      byte[] sealed = cipher.doFinal(plain.reveal().getBytes(StandardCharsets.UTF_8));
      byte[] both = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, both, nonce.length, sealed.length);
      return VERSION
          + "."
          + key.id()
          + "."
          + Base64.getUrlEncoder().withoutPadding().encodeToString(both);
    } catch (GeneralSecurityException bug) {
      throw new IllegalStateException("AES-256-GCM is part of every JDK", bug);
    }
  }

  /// Throws a fault that names the key that is missing, or says that the seal is broken.
  public Secret open(String sealed, Label label) {
    List<String> parts = List.of(sealed.split("\\.", -1));
    if (parts.size() != 3 || !parts.getFirst().equals(VERSION)) {
      throw unreadable(label, "is not in a form that this version knows");
    }
    SealKey key = known.get(parts.get(1));
    if (key == null) {
      throw unreadable(
          label, "is encrypted with the key " + parts.get(1) + ", which is not configured here");
    }
    try {
      byte[] both = Base64.getUrlDecoder().decode(parts.get(2));
      byte[] nonce = Arrays.copyOf(both, NONCE_BYTES);
      byte[] plain =
          cipher(Cipher.DECRYPT_MODE, key, nonce, label)
              .doFinal(both, NONCE_BYTES, Math.max(0, both.length - NONCE_BYTES));
      return new Secret(new String(plain, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException broken) {
      throw unreadable(label, "was changed in the database, or belongs to another instance");
    }
  }

  /// True where it is sealed with the key that seals now.
  public boolean isCurrent(String sealed) {
    SealKey key = current;
    return key != null && sealed.startsWith(VERSION + "." + key.id() + ".");
  }

  private static Cipher cipher(int mode, SealKey key, byte[] nonce, Label label)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(label.bytes());
    return cipher;
  }

  private static RuntimeException unreadable(Label label, String why) {
    return Fault.of(Reason.CREDENTIAL_KEY, label.words() + " " + why + ".").asException();
  }
}
