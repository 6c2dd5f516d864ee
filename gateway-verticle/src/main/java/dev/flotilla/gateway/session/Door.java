package dev.flotilla.gateway.session;

import dev.flotilla.gateway.auth.Credential;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.identity.Principal;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// Where one session's credentials are checked: the one that it arrived with, and those that its
/// frames bring.
final class Door {
  private static final Credential NOTHING = new Credential.None(false);

  private final Edge edge;
  private final Voice voice;
  private @Nullable Arrival arrival;

  Door(Edge edge, Voice voice, Arrival arrival) {
    this.edge = edge;
    this.voice = voice;
    this.arrival = arrival;
  }

  /// @param token null for what the session arrived with
  Future<Principal> admit(@Nullable String token) {
    return token == null && arrival != null ? check(arrival.credential()) : refresh(token);
  }

  Future<Principal> refresh(@Nullable String token) {
    return check(token == null ? NOTHING : new Credential.Token(token));
  }

  /// The session is in, or gone: what it arrived with is of no more use.
  void shut() {
    if (arrival != null) {
      arrival.leaveLobby();
      arrival = null;
    }
  }

  private Future<Principal> check(Credential credential) {
    return check(edge, voice, credential);
  }

  static Future<Principal> check(Edge edge, Voice voice, Credential credential) {
    Via via = voice.encoding() == Encoding.STREAM ? Via.REST : Via.WS;
    return voice.admitsGuests()
        ? edge.authenticator().authenticateGuest(credential, via)
        : edge.authenticator().authenticate(credential, via);
  }
}
