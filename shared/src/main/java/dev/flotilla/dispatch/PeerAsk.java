package dev.flotilla.dispatch;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.wire.RawJson;

/// Asks an instance something. Who asks has been found to be allowed to.
///
/// @param kind a row whose params are a [dev.flotilla.contract.PeerCommand]
/// @param params its params, validated
public record PeerAsk(InstanceId instance, CommandKind kind, RawJson params) {}
