package dev.flotilla.gateway.auth;

import dev.flotilla.config.Secret;
import dev.flotilla.fault.Fault;
import org.jspecify.annotations.Nullable;

/// What somebody brought to say who it is. It prints nothing of what it holds.
public sealed interface Credential {

  /// A JWT, or the static token where that is taken.
  record Token(Secret token) implements Credential {
    public Token(String token) {
      this(new Secret(token));
    }
  }

  /// A ticket of `POST /api/v1/auth/ticket`.
  record Ticket(Secret ticket) implements Credential {}

  /// A token in a cookie that comes with a request that changes something.
  ///
  /// @param csrf what the page has sent beside it: other sites can make a browser send a cookie,
  ///     but not this
  record Cookie(Secret token, @Nullable Secret csrf) implements Credential {}

  /// One that does not count the way in which it came.
  record Unfit(Fault fault) implements Credential {}

  /// @param local true where the request names this machine by a loopback name: then no web page
  ///     elsewhere has made a browser send it
  record None(boolean local) implements Credential {}
}
