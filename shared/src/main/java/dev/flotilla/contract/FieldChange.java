package dev.flotilla.contract;

import org.jspecify.annotations.Nullable;

/// One field that has changed, its values as text.
///
/// @param fieldName as the record's component is called, such as `assigneeId`
/// @param oldValue null where the field had no value
/// @param newValue null where it has none now
public record FieldChange(String fieldName, @Nullable String oldValue, @Nullable String newValue) {}
