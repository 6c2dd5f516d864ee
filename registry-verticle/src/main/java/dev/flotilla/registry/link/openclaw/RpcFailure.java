package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Why an instance refused a request, or why no answer came. Stackless: it is an answer.
final class RpcFailure extends RuntimeException {
  static final String LOST = "CONNECTION_LOST";
  static final String SILENT = "NO_ANSWER";

  /// Refused here, because the instance would: it has never seen the request.
  static final String OVERLOADED = "UNAVAILABLE";

  static final String TOO_LARGE = "INVALID_REQUEST";

  private static final long MAX_WAIT_MS = Duration.ofHours(1).toMillis();
  private static final int MAX_INFO = 200;

  private final String code;
  private final String detail;
  private final transient JsonNode details;
  private final @Nullable Duration retryAfter;

  RpcFailure(String code, String detail, String message) {
    this(code, detail, message, MissingNode.getInstance(), null);
  }

  private RpcFailure(
      String code, String detail, String message, JsonNode details, @Nullable Duration retryAfter) {
    super(message, null, false, false);
    this.code = code;
    this.detail = detail;
    this.details = details;
    this.retryAfter = retryAfter;
  }

  static RpcFailure of(JsonNode error) {
    JsonNode details = error.path("details");
    String refined = details.path("code").asText(details.path("reason").asText(""));
    String code = error.path("code").asText("UNKNOWN");
    long wait = Math.min(error.path("retryAfterMs").asLong(), MAX_WAIT_MS);
    return new RpcFailure(
        code,
        refined,
        error.path("message").asText(code),
        details,
        wait > 0 ? Duration.ofMillis(wait) : null);
  }

  String code() {
    return code;
  }

  /// The finer code or reason in the details, or "".
  String detail() {
    return detail;
  }

  /// Another text of the details, or "". Only what is safe to show and to copy into a command.
  String info(String name) {
    String text = details.path(name).asText("");
    boolean safe = text.length() <= MAX_INFO && text.matches("[A-Za-z0-9._:-]*");
    return safe ? text : "";
  }

  /// How long the instance wants to be left alone.
  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /// The request may or may not have taken effect.
  boolean leavesDoubt() {
    return code.equals(LOST) || code.equals(SILENT);
  }

  /// It would be refused again: the instance does not know it, or does not allow it.
  boolean isSenseless() {
    return code.equals("INVALID_REQUEST") || code.equals("FORBIDDEN");
  }

  String inWords() {
    return detail.isEmpty() ? getMessage() : getMessage() + " (" + detail + ")";
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? code : message;
  }
}
