package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a principal has shown, as far as it can be taken back.
///
/// @param id of the session or key; null for a token that stands alone
/// @param issuedAt whatever was revoked then or later is no good any more
public record Proof(Kind kind, @Nullable String id, Instant issuedAt) {
  /// What can be revoked beside the user.
  public enum Kind {
    /// A token that was signed for somebody, such as `flotilla token` prints.
    TOKEN,
    /// An access token of a login.
    SESSION,
    /// An API key.
    KEY;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static Kind named(String wireName) {
      return Arrays.stream(values())
          .filter(kind -> kind.wireName().equals(wireName))
          .findFirst()
          .orElseThrow();
    }
  }

  /// For who was let in without a credential that anybody issued.
  public static final Proof NONE = new Proof(Kind.TOKEN, null, Instant.EPOCH);

  /// Kind and id in one word, as the audit log has it.
  public String text() {
    return id == null ? kind.wireName() : kind.wireName() + ":" + id;
  }
}
