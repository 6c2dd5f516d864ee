package dev.flotilla.gateway.auth;

import dev.flotilla.identity.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A token under a ticket. The ticket is the key: who has it can open what lies in the store, and
/// who only sees the store can neither open it nor find out the ticket.
final class Seal {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int TICKET_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Seal() {}

  static String newTicket() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random(TICKET_BYTES));
  }

  /// What the ticket is called in the store.
  static String name(String ticket) {
    return Ids.sha256("ticket name", ticket);
  }

  static byte[] close(String ticket, String token) {
    byte[] nonce = random(NONCE_BYTES);
    byte[] sealed = run(Cipher.ENCRYPT_MODE, ticket, nonce, token.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
  }

  /// Throws IllegalArgumentException where the ticket did not close it.
  static String open(String ticket, byte[] stored) {
    if (stored.length < NONCE_BYTES) {
      throw new IllegalArgumentException("nothing is sealed");
    }
    ByteBuffer all = ByteBuffer.wrap(stored);
    byte[] nonce = new byte[NONCE_BYTES];
    all.get(nonce);
    byte[] sealed = new byte[all.remaining()];
    all.get(sealed);
    return new String(run(Cipher.DECRYPT_MODE, ticket, nonce, sealed), StandardCharsets.UTF_8);
  }

  private static byte[] run(int mode, String ticket, byte[] nonce, byte[] text) {
    byte[] key = HexFormat.of().parseHex(Ids.sha256("ticket key", ticket));
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException refused) {
      throw new IllegalArgumentException("not closed by this ticket", refused);
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
