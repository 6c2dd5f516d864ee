package dev.flotilla.gateway.session;

import dev.flotilla.gateway.auth.Credential;
import dev.flotilla.gateway.wire.DeflateTerms;
import dev.flotilla.identity.Principal;
import org.jspecify.annotations.Nullable;

/// What is known of a client when its session begins. The session forgets it once it is admitted: a
/// credential is not kept for as long as a socket is open.
///
/// @param credential what the request carried
/// @param principal who it is, where that was checked already
/// @param forbidden true where its origin may not open sockets here
/// @param compression what was agreed on, null where messages are not compressed
/// @param seat what it holds in the lobby until it is admitted, where it had to wait there
public record Arrival(
    Credential credential,
    @Nullable Principal principal,
    boolean forbidden,
    @Nullable DeflateTerms compression,
    Lobby.@Nullable Seat seat) {

  /// The same client, whose credential was checked.
  public Arrival of(Principal checked) {
    return new Arrival(credential, checked, forbidden, compression, seat);
  }

  public void leaveLobby() {
    if (seat != null) {
      seat.leave();
    }
  }
}
