package dev.flotilla.command.alert;

import dev.flotilla.identity.TenantId;

/// Something that is wrong with instances of a tenant right now.
///
/// @param subject what it is about; while it lasts it is told once
public record Trouble(TenantId tenant, String subject, String message) {}
