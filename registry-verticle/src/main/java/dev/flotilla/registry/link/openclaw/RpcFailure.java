package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;

/// Why an instance refused a request, or why no answer came. Stackless: it is an answer.
final class RpcFailure extends RuntimeException {
  static final String LOST = "CONNECTION_LOST";
  static final String SILENT = "NO_ANSWER";

  private final String code;
  private final String detail;

  RpcFailure(String code, String detail, String message) {
    super(message, null, false, false);
    this.code = code;
    this.detail = detail;
  }

  static RpcFailure of(JsonNode error) {
    JsonNode details = error.path("details");
    String refined = details.path("code").asText(details.path("reason").asText(""));
    String code = error.path("code").asText("UNKNOWN");
    return new RpcFailure(code, refined, error.path("message").asText(code));
  }

  String code() {
    return code;
  }

  /// The finer code or reason in the details, or "".
  String detail() {
    return detail;
  }

  /// The request may or may not have taken effect.
  boolean leavesDoubt() {
    return code.equals(LOST) || code.equals(SILENT);
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
