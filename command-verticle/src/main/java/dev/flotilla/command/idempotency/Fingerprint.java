package dev.flotilla.command.idempotency;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.identity.Ids;
import dev.flotilla.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a request looks like, to tell whether a repetition asks the same: an HMAC-SHA256 of method
/// and canonical params, all of them. Passwords and tokens are among them, since the same key with
/// another password is another request. Without the fleet's secret nothing can be guessed from it.
public final class Fingerprint {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final List<SecretKeySpec> others;

  /// @param secret that of the fleet; the key is derived from it and used for nothing else
  /// @param others those that are still known, or known already, while it changes
  public Fingerprint(Secret secret, List<Secret> others) {
    this.key = key(secret);
    this.others = others.stream().map(Fingerprint::key).toList();
  }

  private static SecretKeySpec key(Secret secret) {
    byte[] derived = HexFormat.of().parseHex(Ids.sha256("idempotency", secret.reveal()));
    return new SecretKeySpec(derived, ALGORITHM);
  }

  String of(CommandKind kind, Command command) {
    return of(key, kind, command);
  }

  List<String> others(CommandKind kind, Command command) {
    return others.stream().map(other -> of(other, kind, command)).toList();
  }

  private static String of(SecretKeySpec key, CommandKind kind, Command command) {
    String request = kind.method() + '\n' + Json.text(command);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(request.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException absent) {
      throw new IllegalStateException("Every JDK has " + ALGORITHM, absent);
    }
  }
}
