package dev.flotilla.contract;

/// A command's place on REST. Path parameters (`:id`) and, for GET, query parameters become params;
/// for POST and PATCH the body does.
///
/// @param path below `/api/v1` and `/api`
/// @param status the HTTP status of success
public record Rest(Verb verb, String path, int status) {
  /// The HTTP methods in use.
  public enum Verb {
    GET,
    POST,
    PATCH,
    DELETE
  }

  static Rest get(String path) {
    return new Rest(Verb.GET, path, 200);
  }

  static Rest post(String path, int status) {
    return new Rest(Verb.POST, path, status);
  }

  static Rest patch(String path) {
    return new Rest(Verb.PATCH, path, 200);
  }

  static Rest delete(String path) {
    return new Rest(Verb.DELETE, path, 200);
  }
}
