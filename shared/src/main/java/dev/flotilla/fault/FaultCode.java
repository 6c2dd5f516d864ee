package dev.flotilla.fault;

/// The seven codes that every dialect and every HTTP answer uses. A [Reason] refines them without
/// widening the list.
public enum FaultCode {
  AUTHENTICATION_FAILED,
  AUTHORIZATION_FAILED,
  VALIDATION_ERROR,
  NOT_FOUND,
  CONFLICT,
  RATE_LIMIT_EXCEEDED,
  INTERNAL_ERROR
}
